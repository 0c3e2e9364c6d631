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

impl fmt::Display for Backend {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Auto => "auto",
            Self::Cpu => "cpu",
            Self::Cuda => "cuda",
        })
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

    /// Whether the matrix is for such a vector, which is known without a product.
    ///
    /// # Errors
    ///
    /// [`Error::DimensionMismatch`], [`Error::ContentMismatch`] and [`Error::GroupMismatch`].
    pub fn check_fit(&self, vector: &EncryptedVector) -> Result<(), Error> {
        match &self.0 {
            Loaded::Cpu(matrix) => matrix.shape.check_fit(vector),
            #[cfg(feature = "gpu")]
            Loaded::Cuda(matrix) => matrix.shape.check_fit(vector),
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
    let query = vector.expand(threads)?;
    let arranged = query.arrange()?;
    matrices.iter().map(|matrix| matrix.multiply(&arranged, threads)?.scores()).collect()
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
mod tests;
