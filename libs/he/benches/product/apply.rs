//! The product of a matrix and an encrypted vector.
//!
//! `apply` is all of it on one core: expanding seeds, arranging, multiplying, and scaling the answer.
//! `multiply` is the part that grows with the matrix.

use std::num::NonZeroUsize;

use criterion::{BenchmarkId, Criterion, Throughput};
use he::{Group, Layout, Matrix};

use crate::{Case, message};

fn cases(complete: bool) -> Vec<Case> {
    let group = |entries| Group::new(entries).expect("a group");
    let scores =
        |rows, columns, entries| Case { rows, columns, layout: Layout::scores(group(entries)) };
    let records =
        |rows, columns, entries| Case { rows, columns, layout: Layout::records(group(entries)) };
    let small = vec![scores(64, 384, 32)];
    if !complete {
        return small;
    }
    let large = [
        scores(8192, 384, 4),
        scores(65_536, 256, 4),
        scores(100_000, 384, 4),
        // 32 MiB of records, 16 KiB of them in each of 2048 columns.
        records(16_384, 2048, 4),
    ];
    [small, large.to_vec()].concat()
}

/// Entries of every size that the caps allow.
fn matrix(case: Case) -> Matrix {
    let Case { rows, columns, layout } = case;
    let entry = |place: usize| match layout.content {
        he::Content::Scores => (place * 31 % 63) as i32 - 31,
        he::Content::Records => (place * 31 % 256) as i32,
    };
    let values: Vec<i32> = (0..rows * columns).map(entry).collect();
    let threads = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    Matrix::from_values(&values, columns, layout, threads).expect("the matrix is acceptable")
}

pub(crate) fn bench(criterion: &mut Criterion, complete: bool) {
    let mut group = criterion.benchmark_group("product");
    for case in cases(complete) {
        let (matrix, vector) = (matrix(case), message::vector(case));
        group.throughput(Throughput::Elements((case.rows * case.columns) as u64));
        group.bench_with_input(
            BenchmarkId::new("apply", case.name()),
            &vector,
            |bencher, vector| {
                bencher.iter(|| matrix.apply(vector).expect("the vector fits"));
            },
        );
        let query = vector.expand(NonZeroUsize::MIN).expect("there is memory");
        let arranged = query.arrange().expect("there is memory");
        group.bench_with_input(
            BenchmarkId::new("multiply", case.name()),
            &arranged,
            |bencher, query| {
                bencher
                    .iter(|| matrix.multiply(query, NonZeroUsize::MIN).expect("the vector fits"));
            },
        );
    }
    group.finish();
}
