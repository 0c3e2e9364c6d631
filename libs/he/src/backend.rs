//! Where products are computed: on the CPU, or on a CUDA device where there is one.

use std::fmt;
use std::num::NonZeroUsize;
use std::str::FromStr;

use thiserror::Error as ThisError;

#[cfg(feature = "gpu")]
use crate::{Device, DeviceMatrix};
use crate::{EncryptedScores, EncryptedVector, Error, Matrix};

/// A wish for a place to compute at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Backend {
    /// A CUDA device if one can be used, and the CPU otherwise.
    #[default]
    Auto,
    /// The CPU.
    Cpu,
    /// A CUDA device, or an error.
    Cuda,
}

impl FromStr for Backend {
    type Err = BackendError;

    fn from_str(name: &str) -> Result<Self, BackendError> {
        match name {
            "auto" => Ok(Self::Auto),
            "cpu" => Ok(Self::Cpu),
            "cuda" => Ok(Self::Cuda),
            _ => Err(BackendError::Unknown { name: name.to_owned() }),
        }
    }
}

/// Why a backend cannot be had.
#[derive(Debug, Clone, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum BackendError {
    /// There is no backend of this name.
    #[error("there is no backend \"{name}\": the backends are auto, cpu and cuda")]
    Unknown {
        /// The name given.
        name: String,
    },
    /// CUDA was asked for, and this build does not know it.
    #[error("this program is built without the feature \"gpu\", which the backend cuda needs")]
    NotBuilt,
    /// CUDA was asked for, and no device can be used.
    #[cfg(feature = "gpu")]
    #[error(transparent)]
    Gpu(#[from] crate::GpuError),
}

/// A place to compute at.
#[derive(Clone, Debug)]
pub struct Engine {
    place: Place,
    choice: String,
}

#[derive(Clone, Debug)]
enum Place {
    Cpu,
    #[cfg(feature = "gpu")]
    Cuda(Device),
}

impl Engine {
    /// Finds the place for a wish. This is when a missing device is noticed.
    ///
    /// # Errors
    ///
    /// [`BackendError::NotBuilt`] and `BackendError::Gpu`, for [`Backend::Cuda`] only.
    pub fn open(backend: Backend) -> Result<Self, BackendError> {
        if backend == Backend::Cpu {
            return Ok(Self::cpu("CPU".to_owned()));
        }
        match open_cuda() {
            Err(error) if backend == Backend::Auto => {
                Ok(Self::cpu(format!("CPU, because {error}")))
            }
            outcome => outcome,
        }
    }

    fn cpu(choice: String) -> Self {
        Self { place: Place::Cpu, choice }
    }

    /// Takes a matrix, and with it all the memory that its products need.
    ///
    /// # Errors
    ///
    /// [`Error::Gpu`](crate::Error) where the device cannot take it.
    pub fn load(&self, matrix: Matrix) -> Result<LoadedMatrix, Error> {
        match &self.place {
            Place::Cpu => Ok(LoadedMatrix(Loaded::Cpu(matrix))),
            #[cfg(feature = "gpu")]
            Place::Cuda(device) => {
                Ok(LoadedMatrix(Loaded::Cuda(Box::new(DeviceMatrix::load(device, &matrix)?))))
            }
        }
    }
}

/// The place that was chosen and, where it is not the first choice, why: a line for a log.
impl fmt::Display for Engine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.choice)
    }
}

#[cfg(feature = "gpu")]
fn open_cuda() -> Result<Engine, BackendError> {
    let device = Device::open()?;
    let choice = format!("CUDA device {}", device.name()?);
    Ok(Engine { place: Place::Cuda(device), choice })
}

#[cfg(not(feature = "gpu"))]
fn open_cuda() -> Result<Engine, BackendError> {
    Err(BackendError::NotBuilt)
}

/// A matrix where its products are computed.
#[derive(Debug)]
pub struct LoadedMatrix(Loaded);

#[derive(Debug)]
enum Loaded {
    Cpu(Matrix),
    #[cfg(feature = "gpu")]
    Cuda(Box<DeviceMatrix>),
}

impl LoadedMatrix {
    /// Multiplies encrypted vectors by the matrix; the same bytes come out of every place.
    ///
    /// # Errors
    ///
    /// Those of [`Matrix::apply`], and [`Error::Gpu`](crate::Error) where the device fails.
    pub fn apply(&self, vectors: &[EncryptedVector]) -> Result<Vec<EncryptedScores>, Error> {
        match &self.0 {
            Loaded::Cpu(matrix) => vectors.iter().map(|vector| matrix.apply(vector)).collect(),
            #[cfg(feature = "gpu")]
            Loaded::Cuda(matrix) => matrix.apply(vectors),
        }
    }

    /// Multiplies every vector by every matrix, with so many threads where the place is the CPU.
    ///
    /// The scores are those of [`LoadedMatrix::apply`], and every vector is prepared once only:
    /// for each vector those of each matrix, in order.
    ///
    /// # Errors
    ///
    /// Those of [`LoadedMatrix::apply`].
    pub fn apply_each(
        matrices: &[&Self],
        vectors: &[EncryptedVector],
        threads: NonZeroUsize,
    ) -> Result<Vec<Vec<EncryptedScores>>, Error> {
        let cpu: Option<Vec<&Matrix>> = matrices.iter().map(|matrix| matrix.cpu()).collect();
        match cpu {
            Some(matrices) => {
                vectors.iter().map(|vector| apply_prepared(&matrices, vector, threads)).collect()
            }
            None => apply_batches(matrices, vectors),
        }
    }

    fn cpu(&self) -> Option<&Matrix> {
        match &self.0 {
            Loaded::Cpu(matrix) => Some(matrix),
            #[cfg(feature = "gpu")]
            Loaded::Cuda(_) => None,
        }
    }
}

/// The vector is prepared once for all matrices.
fn apply_prepared(
    matrices: &[&Matrix],
    vector: &EncryptedVector,
    threads: NonZeroUsize,
) -> Result<Vec<EncryptedScores>, Error> {
    let query = vector.expand(threads);
    let arranged = query.arrange();
    matrices.iter().map(|matrix| Ok(matrix.multiply(&arranged, threads)?.scores())).collect()
}

/// All vectors at once for each matrix, which is how a device is kept busy.
fn apply_batches(
    matrices: &[&LoadedMatrix],
    vectors: &[EncryptedVector],
) -> Result<Vec<Vec<EncryptedScores>>, Error> {
    let mut scores: Vec<Vec<_>> = vectors.iter().map(|_| Vec::new()).collect();
    for matrix in matrices {
        let batch = matrix.apply(vectors)?;
        scores.iter_mut().zip(batch).for_each(|(scores, new)| scores.push(new));
    }
    Ok(scores)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DEGREE, MODULUS};

    #[test]
    fn every_backend_has_one_name_and_nothing_else_is_one() {
        let read = |name: &str| name.parse::<Backend>();
        assert_eq!(read("auto"), Ok(Backend::Auto));
        assert_eq!(read("cpu"), Ok(Backend::Cpu));
        assert_eq!(read("cuda"), Ok(Backend::Cuda));
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
}
