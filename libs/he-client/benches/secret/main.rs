//! What a client does for a request: `nx bench he-client`.
//!
//! Where the benches run as tests, they do the smallest case once.

use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput};
use he::{Group, Layout, Matrix};
use he_client::SecretKey;

/// Rows of a matrix, entries of a vector, entries in a ciphertext.
const SMALL: [(usize, usize, usize); 1] = [(64, 384, 32)];
const LARGE: [(usize, usize, usize); 4] =
    [(64, 384, 32), (8192, 384, 4), (8192, 384, 1), (100_000, 384, 4)];

fn main() {
    let complete = std::env::args().any(|argument| argument == "--bench");
    let mut criterion = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(4))
        .configure_from_args();
    criterion.bench_function("generate", |bencher| bencher.iter(SecretKey::generate));
    for case in if complete { &LARGE[..] } else { &SMALL[..] } {
        bench(&mut criterion, *case);
    }
    criterion.final_summary();
}

fn bench(criterion: &mut Criterion, (rows, columns, entries): (usize, usize, usize)) {
    let layout = Layout::scores(Group::new(entries).expect("a group"));
    let key = SecretKey::generate();
    let vector: Vec<i64> = (0..columns as i64).map(|place| place * 31 % 63 - 31).collect();
    let encrypted = key.encrypt_in(&vector, layout).expect("the vector is acceptable");

    // One column takes as long to decrypt as many.
    let one = key.encrypt_in(&[1], layout).expect("the vector is acceptable");
    let matrix = Matrix::with_layout(&vec![vec![7]; rows], layout).expect("acceptable");
    let scores = matrix.apply(&one).expect("the vector fits");

    let name = |step| BenchmarkId::new(step, format!("{rows}x{columns}/g={entries}"));
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
