//! What a client does for a request: `nx bench he-client`.
//!
//! Where the benches run as tests, they do the smallest case once.

use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput};
use he::{Group, Layout, Matrix};
use he_client::SecretKey;

/// Rows of a matrix, entries of a vector, and how the vector is encrypted.
type Case = (usize, usize, Layout);

fn cases(complete: bool) -> Vec<Case> {
    let group = |entries| Group::new(entries).expect("a group");
    let scores = |rows, columns, entries| (rows, columns, Layout::scores(group(entries)));
    let small = vec![scores(64, 384, 32)];
    if !complete {
        return small;
    }
    let large = [
        scores(8192, 384, 4),
        scores(8192, 384, 1),
        scores(65_536, 256, 4),
        scores(100_000, 384, 4),
        (16_384, 2048, Layout::records(group(4))),
    ];
    [small, large.to_vec()].concat()
}

fn main() {
    let complete = std::env::args().any(|argument| argument == "--bench");
    let mut criterion = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(3))
        .configure_from_args();
    criterion.bench_function("generate", |bencher| bencher.iter(SecretKey::generate));
    for case in cases(complete) {
        bench(&mut criterion, case);
    }
    criterion.final_summary();
}

fn bench(criterion: &mut Criterion, (rows, columns, layout): Case) {
    let key = SecretKey::generate();
    let vector = vector(columns, layout);
    let encrypted = key.encrypt_in(&vector, layout).expect("the vector is acceptable");

    // One column takes as long to decrypt as many.
    let one = key.encrypt_in(&[1], layout).expect("the vector is acceptable");
    let matrix = Matrix::with_layout(&vec![vec![7]; rows], layout).expect("acceptable");
    let scores = matrix.apply(&one).expect("the vector fits");

    let case = format!("{rows}x{columns}/{}/g={}", layout.content, layout.group.entries());
    let name = |step| BenchmarkId::new(step, &case);
    let mut group = criterion.benchmark_group("secret");
    group.throughput(Throughput::Bytes(encrypted.to_bytes().len() as u64));
    group.bench_with_input(name("encrypt"), &vector, |bencher, vector| {
        bencher.iter(|| key.encrypt_in(vector, layout).expect("the vector is acceptable"));
    });
    group.throughput(Throughput::Elements(rows as u64));
    group.bench_with_input(name("decrypt"), &scores, |bencher, scores| {
        bencher.iter(|| key.decrypt(scores).expect("the arithmetic works"));
    });
    group.finish();
}

/// Scores of small numbers, or the fetch of the record in the middle.
fn vector(columns: usize, layout: Layout) -> Vec<i64> {
    let entry = |place: usize| match layout.content {
        he::Content::Scores => place as i64 * 31 % 63 - 31,
        he::Content::Records => i64::from(place == columns / 2),
    };
    (0..columns).map(entry).collect()
}
