//! Bytes to messages and back, with all checks, and what expanding the seeds of a request takes.

use std::num::NonZeroUsize;

use criterion::{BenchmarkId, Criterion, Throughput};
use he::{EncryptedScores, EncryptedVector, Group, Layout, Matrix};

use crate::{Case, message};

pub(crate) fn bench(criterion: &mut Criterion, complete: bool) {
    let group = |entries| Group::new(entries).expect("a group");
    let case =
        |columns, entries| Case { rows: 64, columns, layout: Layout::scores(group(entries)) };
    let small = vec![case(32, 32)];
    let large = vec![case(384, 32), case(384, 4), case(384, 1)];
    for case in if complete { large } else { small } {
        vectors(criterion, case);
        scores(criterion, case);
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

fn scores(criterion: &mut Criterion, case: Case) {
    let rows = vec![vec![1; case.columns]; case.rows];
    let matrix = Matrix::with_layout(&rows, case.layout).expect("the matrix is acceptable");
    let scores = matrix.apply(&message::vector(case)).expect("the vector fits");
    let bytes = scores.to_bytes();
    let mut group = criterion.benchmark_group("wire/scores");
    group.throughput(Throughput::Bytes(bytes.len() as u64));
    let name = |step| BenchmarkId::new(step, case.name());
    group.bench_with_input(name("parse"), &bytes, |bencher, bytes| {
        bencher.iter(|| EncryptedScores::from_bytes(bytes).expect("the answer is well-formed"));
    });
    group.bench_with_input(name("write"), &scores, |bencher, scores| {
        bencher.iter(|| scores.to_bytes());
    });
    group.finish();
}
