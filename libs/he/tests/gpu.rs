//! On a CUDA device the scores are, byte for byte, those of the CPU.
//!
//! Every test here needs a device and fails where there is none: `nx run he:test-gpu`.
#![cfg(feature = "gpu")]

use std::sync::LazyLock;

use he::{
    Backend, DEGREE, Device, DeviceMatrix, EncryptedVector, Engine, Error, GpuError, Group, Layout,
    MODULUS, Matrix, SEED_LEN,
};
use rand::Rng as _;

/// The device, or a failure that names what is missing.
fn device() -> &'static Device {
    static DEVICE: LazyLock<Result<Device, GpuError>> = LazyLock::new(Device::open);
    DEVICE.as_ref().unwrap_or_else(|error| panic!("these tests need a CUDA device: {error}"))
}

/// Entries of both signs whose rows have a norm near the cap, the same ones in every run.
fn rows(count: usize, columns: usize) -> Vec<Vec<i64>> {
    let bound = (724.0 / (columns as f64).sqrt()) as i64;
    let entry = |row: usize, column: usize| {
        (row * 7919 + column * 104_729 + row * column) as i64 % (2 * bound + 1) - bound
    };
    (0..count).map(|row| (0..columns).map(|column| entry(row, column)).collect()).collect()
}

/// Vectors as nobody without the key can tell them from encrypted ones: uniform in every part.
fn vectors(columns: usize, group: Group, count: usize) -> Vec<EncryptedVector> {
    let (mut rng, ciphertexts) = (rand::rng(), columns.div_ceil(group.entries()));
    let mut vector = || {
        let seeds = (0..ciphertexts).map(|_| rng.random::<[u8; SEED_LEN]>()).collect();
        let bodies = (0..ciphertexts * DEGREE).map(|_| rng.random_range(0..MODULUS)).collect();
        EncryptedVector::from_parts(columns, Layout::scores(group), seeds, bodies)
            .expect("the parts fit")
    };
    (0..count).map(|_| vector()).collect()
}

fn assert_equal_to_the_cpu(row_count: usize, columns: usize, group: Group, queries: usize) {
    let matrix =
        Matrix::with_layout(&rows(row_count, columns), Layout::scores(group)).expect("it fits");
    let vectors = vectors(columns, group, queries);
    let loaded = DeviceMatrix::load(device(), &matrix).expect("it fits the device");
    let scores = loaded.apply(&vectors).expect("the vectors fit");
    assert_eq!(scores.len(), queries);
    for (index, (vector, scores)) in vectors.iter().zip(&scores).enumerate() {
        let expected = matrix.apply(vector).expect("it fits").to_bytes();
        let equal = scores.to_bytes() == expected;
        assert!(equal, "{row_count}x{columns} {group:?} differs in query {index} of {queries}");
    }
}

#[test]
#[ignore = "needs a CUDA device: nx run he:test-gpu"]
fn every_group_and_number_of_queries_gives_the_bytes_of_the_cpu() {
    for group in Group::ALL {
        for queries in [1, 3, 4, 5] {
            assert_equal_to_the_cpu(2 * group.rows_per_block() + 1, 40, group, queries);
        }
    }
}

#[test]
#[ignore = "needs a CUDA device: nx run he:test-gpu"]
fn the_smallest_and_a_wide_matrix_give_the_bytes_of_the_cpu() {
    assert_equal_to_the_cpu(1, 1, Group::default(), 1);
    assert_equal_to_the_cpu(1, 4096, Group::ALL[0], 4);
}

#[test]
#[ignore = "needs a CUDA device: nx run he:test-gpu"]
fn a_matrix_of_many_blocks_gives_the_bytes_of_the_cpu() {
    // 67 blocks: an odd number, so that the last threads of the kernel for several queries have one.
    for queries in [1, 4] {
        assert_equal_to_the_cpu(66 * 64 + 1, 33, Group::default(), queries);
    }
}

#[test]
#[ignore = "needs a CUDA device: nx run he:test-gpu"]
fn the_stored_requests_have_the_stored_responses() {
    let engine = Engine::open(Backend::Cuda).unwrap();
    assert!(engine.to_string().starts_with("CUDA device "), "{engine}");
    let stored = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/known-answer");
    for (folder, layout) in
        [("", Layout::scores(Group::ALL[2])), ("records", Layout::records(Group::ALL[3]))]
    {
        let bytes = |name: &str| std::fs::read(stored.join(folder).join(name)).unwrap();
        let line = |line: &str| line.split(' ').map(|word| word.parse().unwrap()).collect();
        let text = String::from_utf8(bytes("matrix.txt")).unwrap();
        let rows: Vec<Vec<i64>> = text.lines().map(line).collect();
        let matrix = Matrix::with_layout(&rows, layout).unwrap();
        let request = EncryptedVector::from_bytes(&bytes("request.hlp")).unwrap();
        let scores = engine.load(matrix).unwrap().apply(&[request]).unwrap();
        assert!(scores[0].to_bytes() == bytes("response.hlp"), "{folder}");
    }
}

#[test]
#[ignore = "needs a CUDA device: nx run he:test-gpu"]
fn threads_may_share_a_matrix() {
    let matrix = Matrix::new(&rows(500, 70)).unwrap();
    let loaded = DeviceMatrix::load(device(), &matrix).unwrap();
    let vectors = vectors(70, Group::default(), 8);
    std::thread::scope(|scope| {
        for vector in &vectors {
            let (matrix, loaded) = (&matrix, &loaded);
            scope.spawn(move || {
                let scores = loaded.apply(std::slice::from_ref(vector)).unwrap();
                assert!(scores[0] == matrix.apply(vector).unwrap());
            });
        }
    });
}

#[test]
#[ignore = "needs a CUDA device: nx run he:test-gpu"]
fn a_vector_that_does_not_fit_is_refused_before_anything_is_computed() {
    let loaded = DeviceMatrix::load(device(), &Matrix::new(&rows(3, 5)).unwrap()).unwrap();
    let vectors = vectors(4, Group::default(), 1);
    assert_eq!(loaded.apply(&vectors), Err(Error::DimensionMismatch { vector: 4, matrix: 5 }));
    assert_eq!(loaded.apply(&[]), Ok(vec![]));
}

#[test]
#[ignore = "needs a CUDA device: nx run he:test-gpu"]
fn more_memory_than_the_device_has_is_a_named_error() {
    let (free, _) = device().memory().unwrap();
    let error = device().time_copies(free + 1, 1).expect_err("more than is free");
    assert!(matches!(error, GpuError::OutOfMemory { needed, .. } if needed > free), "{error}");
}
