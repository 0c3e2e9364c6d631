//! Bytes to messages and back, with all checks, and what expanding the seeds of a request takes.

use std::num::NonZeroUsize;

use criterion::{BenchmarkId, Criterion, Throughput};
use he::{EncryptedScores, EncryptedVector, Group, Layout, Matrix};

use crate::{Case, message};

pub(crate) fn bench(criterion: &mut Criterion, complete: bool) {
    let group = |entries| Group::new(entries).expect("a group");
    let scores =
        |rows, columns, entries| Case { rows, columns, layout: Layout::scores(group(entries)) };
    let small = vec![scores(64, 384, 32)];
    let large = [
        // A query of a megabyte.
        scores(8192, 384, 4),
        scores(8192, 384, 1),
        Case { rows: 16_384, columns: 2048, layout: Layout::records(group(4)) },
    ];
    let all = [small.clone(), large.to_vec()].concat();
    for case in if complete { all } else { small } {
        vectors(criterion, case);
        answers(criterion, case);
    }
    if complete {
        // Its query is that of 8192 rows.
        answers(criterion, scores(100_000, 384, 4));
    }
}

fn vectors(criterion: &mut Criterion, case: Case) {
    let bytes = message::request(case);
    let vector = message::vector(case);
    let mut group = criterion.benchmark_group("wire/vector");
    group.throughput(Throughput::Bytes(bytes.len() as u64));
    let name = |step| BenchmarkId::new(step, case.name());
    group.bench_with_input(name("parse"), &bytes, |bencher, bytes| {
        bencher.iter(|| EncryptedVector::from_bytes(bytes).expect("the request is well-formed"));
    });
    group.bench_with_input(name("write"), &vector, |bencher, vector| {
        bencher.iter(|| vector.to_bytes());
    });
    group.bench_with_input(name("expand"), &vector, |bencher, vector| {
        bencher.iter(|| vector.expand(NonZeroUsize::MIN));
    });
    group.finish();
}

fn answers(criterion: &mut Criterion, case: Case) {
    // An answer does not depend on the number of columns.
    let matrix = Matrix::with_layout(&vec![vec![1]; case.rows], case.layout).expect("acceptable");
    let query = message::vector(Case { columns: 1, ..case });
    let answer = matrix.apply(&query).expect("the vector fits");
    let bytes = answer.to_bytes();
    let mut group = criterion.benchmark_group("wire/answer");
    group.throughput(Throughput::Bytes(bytes.len() as u64));
    let name = |step| BenchmarkId::new(step, case.name());
    group.bench_with_input(name("parse"), &bytes, |bencher, bytes| {
        bencher.iter(|| EncryptedScores::from_bytes(bytes).expect("the answer is well-formed"));
    });
    group.bench_with_input(name("write"), &answer, |bencher, answer| {
        bencher.iter(|| answer.to_bytes());
    });
    group.finish();
}
