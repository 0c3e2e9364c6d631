use super::*;
use crate::{DEGREE, MODULUS};

#[test]
fn every_backend_has_one_name_and_nothing_else_is_one() {
    let read = |name: &str| name.parse::<Backend>();
    for (name, backend) in [("auto", Backend::Auto), ("cpu", Backend::Cpu), ("cuda", Backend::Cuda)]
    {
        assert_eq!(read(name), Ok(backend));
        assert_eq!(backend.to_string(), name);
    }
    for name in ["", "CUDA", "gpu", "$(id)"] {
        assert_eq!(read(name), Err(BackendError::Unknown { name: name.to_owned() }));
    }
}

#[test]
fn auto_takes_a_place_that_computes_and_says_which() {
    let engine = Engine::open(Backend::Auto).unwrap();
    let matrix = Matrix::new(&[vec![2, 3], vec![-1, 1]]).unwrap();
    let body = (0..DEGREE as u64).map(|index| index * 1_000_000_007 % MODULUS).collect();
    let vector = EncryptedVector::from_parts(2, matrix.layout(), vec![[7; 32]], body).unwrap();
    let expected = matrix.apply(&vector).unwrap();
    assert_eq!(engine.load(matrix).unwrap().apply(&[vector]), Ok(vec![expected]));
    match Engine::open(Backend::Cuda) {
        Ok(_) => assert!(engine.to_string().starts_with("CUDA device "), "{engine}"),
        Err(error) => assert_eq!(engine.to_string(), format!("CPU, because {error}")),
    }
}

#[test]
fn several_matrices_give_the_scores_of_each_whatever_the_threads() {
    let engine = Engine::open(Backend::Auto).unwrap();
    let rows: Vec<Vec<i64>> = (0..200).map(|row| vec![row % 9, 5 - row % 11]).collect();
    let load = |rows: &[Vec<i64>]| engine.load(Matrix::new(rows).unwrap()).unwrap();
    let (first, second) = (load(&rows), load(&rows[7..9]));
    let vectors = [1, 2].map(|seed| {
        let body = (0..DEGREE as u64).map(|index| (index + seed) * 1_000_000_007 % MODULUS);
        let (layout, body) = (crate::Layout::default(), body.collect());
        EncryptedVector::from_parts(2, layout, vec![[seed as u8; 32]], body).unwrap()
    });
    let (one, two) = (first.apply(&vectors).unwrap(), second.apply(&vectors).unwrap());
    let expected: Vec<_> = one.into_iter().zip(two).map(|(one, two)| vec![one, two]).collect();
    for threads in 1..4 {
        let threads = NonZeroUsize::new(threads).unwrap();
        let scores = LoadedMatrix::apply_each(&[&first, &second], &vectors, threads);
        assert_eq!(scores.as_ref(), Ok(&expected));
    }
    // The way of a device, which takes all vectors at once for each matrix.
    assert_eq!(apply_batches(&[&first, &second], &vectors), Ok(expected));
    assert_eq!(apply_batches(&[&first], &[]), Ok(vec![]));
}

#[test]
fn a_vector_that_does_not_fit_is_known_before_the_product() {
    let group = |entries| crate::Group::new(entries).unwrap();
    let engine = Engine::open(Backend::Auto).unwrap();
    let layout = crate::Layout::scores(group(4));
    let matrix = Matrix::with_layout(&[vec![2, 3], vec![-1, 1]], layout).unwrap();
    let loaded = engine.load(matrix).unwrap();
    let check = |dimension, layout| {
        let body = vec![0; DEGREE];
        let vector = EncryptedVector::from_parts(dimension, layout, vec![[7; 32]], body);
        let vector = vector.unwrap();
        let checked = loaded.check_fit(&vector);
        assert_eq!(loaded.apply(&[vector]).map(drop), checked);
        checked
    };
    assert_eq!(check(2, layout), Ok(()));
    assert_eq!(check(3, layout), Err(Error::DimensionMismatch { vector: 3, matrix: 2 }));
    let records = crate::Layout::records(group(4));
    assert!(matches!(check(2, records), Err(Error::ContentMismatch { .. })));
    let wide = crate::Layout::scores(group(8));
    assert_eq!(check(2, wide), Err(Error::GroupMismatch { vector: 8, matrix: 4 }));
}

#[test]
fn the_cpu_can_be_asked_for() {
    assert_eq!(Engine::open(Backend::Cpu).unwrap().to_string(), "CPU");
}

#[test]
fn cuda_is_a_device_or_an_error_that_says_why_there_is_none() {
    let auto = Engine::open(Backend::Auto).unwrap().to_string();
    match Engine::open(Backend::Cuda) {
        Ok(cuda) => assert_eq!(cuda.to_string(), auto),
        Err(error) => {
            assert_eq!(auto, format!("CPU, because {error}"));
            assert_eq!(error == BackendError::NotBuilt, cfg!(not(feature = "gpu")), "{error}");
        }
    }
}
