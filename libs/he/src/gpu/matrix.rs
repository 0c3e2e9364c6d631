//! A matrix that stays on the device.

use std::num::NonZeroUsize;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use cudarc::driver::CudaSlice;

use super::layout::{Sizes, write_block};
use super::workspace::{BATCH, Workspace};
use super::{Device, GpuError};
use crate::matrix::Shape;
use crate::{EncryptedScores, EncryptedVector, Error, Matrix, parallel};

/// Ciphertexts that are worth a thread when their seeds are expanded.
const SEEDS_PER_THREAD: usize = 16;

/// A matrix in the memory of a CUDA device.
#[derive(Debug)]
pub struct DeviceMatrix {
    pub(super) device: Device,
    pub(crate) shape: Shape,
    pub(super) sizes: Sizes,
    /// `[block][group][coefficient]`, each value split in two halves.
    pub(super) entries: CudaSlice<u64>,
    workspace: Mutex<Workspace>,
    threads: NonZeroUsize,
}

/// Where the time of some products went.
#[derive(Clone, Copy, Debug, Default)]
pub struct Timing {
    /// Expansion of the seeds of the vectors, on the CPU.
    pub expand: Duration,
    /// Arrangement of the vectors and their way to the device.
    pub upload: Duration,
    /// The kernels, between two events of the device.
    pub kernel: Duration,
    /// The way of the scores back from the device.
    pub download: Duration,
}

impl DeviceMatrix {
    /// Copies a matrix to the device. The one in the memory of the host may be dropped after that.
    ///
    /// # Errors
    ///
    /// [`GpuError::OutOfMemory`] and [`GpuError::Driver`].
    pub fn load(device: &Device, matrix: &Matrix) -> Result<Self, GpuError> {
        let sizes = Sizes::of(matrix);
        let block_len = sizes.block_len();
        let mut entries = device.allocate(sizes.blocks * block_len)?;
        let mut block_entries = Vec::with_capacity(block_len);
        for block in 0..sizes.blocks {
            write_block(matrix, block, &mut block_entries);
            let mut to = entries.slice_mut(block * block_len..(block + 1) * block_len);
            device.stream.memcpy_htod(&block_entries, &mut to)?;
        }
        device.stream.synchronize()?;
        Ok(Self {
            workspace: Mutex::new(Workspace::new(device, &sizes, 1)?),
            device: device.clone(),
            shape: matrix.shape,
            sizes,
            entries,
            threads: threads(sizes.groups),
        })
    }

    /// Multiplies encrypted vectors by the matrix, several in one pass over it where there are
    /// several. The scores are, bit for bit, those of [`Matrix::apply`].
    ///
    /// # Errors
    ///
    /// Those of [`Matrix::apply`], for the first vector that does not fit, and [`Error::Gpu`].
    pub fn apply(&self, vectors: &[EncryptedVector]) -> Result<Vec<EncryptedScores>, Error> {
        Ok(self.apply_timed(vectors)?.0)
    }

    /// [`DeviceMatrix::apply`], and where the time went.
    ///
    /// # Errors
    ///
    /// Those of [`DeviceMatrix::apply`].
    pub fn apply_timed(
        &self,
        vectors: &[EncryptedVector],
    ) -> Result<(Vec<EncryptedScores>, Timing), Error> {
        vectors.iter().try_for_each(|vector| self.shape.check_fit(vector))?;
        let (mut scores, mut timing) = (Vec::with_capacity(vectors.len()), Timing::default());
        for some in vectors.chunks(BATCH) {
            let start = Instant::now();
            let queries: Vec<_> =
                some.iter().map(|vector| vector.expand(self.threads)).collect::<Result<_, _>>()?;
            timing.expand += start.elapsed();

            // A panic in another thread leaves the workspace as good as new: it is all overwritten.
            let mut workspace = self.workspace.lock().unwrap_or_else(|poison| poison.into_inner());
            if workspace.capacity() < queries.len() {
                *workspace = Workspace::new(&self.device, &self.sizes, BATCH)?;
            }
            let start = Instant::now();
            workspace.upload(&self.device, &queries)?;
            timing.upload += start.elapsed();
            let seconds = self.device.time(|| workspace.compute(self, queries.len()))?;
            timing.kernel += Duration::from_secs_f64(seconds);
            let start = Instant::now();
            scores.extend(workspace.download(self, queries.len())?);
            timing.download += start.elapsed();
        }
        Ok((scores, timing))
    }
}

/// Threads for the expansion of a vector: starting one takes about as long as some seeds do.
fn threads(groups: usize) -> NonZeroUsize {
    let worth = NonZeroUsize::new(groups / SEEDS_PER_THREAD).unwrap_or(NonZeroUsize::MIN);
    worth.min(parallel::available())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_seeds_are_expanded_by_one_thread_and_many_by_no_more_than_there_are() {
        assert_eq!([0, 1, 16, 31].map(|groups| threads(groups).get()), [1; 4]);
        let available = parallel::available().get();
        assert_eq!(threads(32).get(), 2.min(available));
        assert_eq!(threads(1 << 20).get(), available);
    }
}
