//! Timings on a CUDA device.

use std::num::NonZeroUsize;

use he::{Device, DeviceMatrix, EncryptedVector};
use serde::Serialize;

use crate::failure::Failure;
use crate::statistics::{Samples, Summary};

/// Where the time of some products goes.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct CudaTimes {
    /// Products that were computed together.
    pub(crate) queries: usize,
    /// The kernels alone, between two events of the device.
    pub(crate) kernel: Summary,
    /// Expansion of the seeds on the CPU.
    pub(crate) expand: Summary,
    pub(crate) upload: Summary,
    pub(crate) download: Summary,
    /// From vectors in memory to scores in memory, by the clock of the host.
    pub(crate) end_to_end: Summary,
    pub(crate) entries_per_second: f64,
    /// Bytes of the matrix by the time of the kernels, once for all queries.
    pub(crate) matrix_bytes_per_second: f64,
    /// That, by the bytes that a copy on the device reads and writes per second.
    pub(crate) part_of_copy_bandwidth: f64,
}

/// Times products of all these vectors together, as often as told.
pub(crate) fn time(
    loaded: &DeviceMatrix,
    vectors: &[EncryptedVector],
    size: Size,
    repeats: NonZeroUsize,
) -> Result<CudaTimes, Failure> {
    // The first product allocates buffers and finds a cold device.
    for _ in 0..3 {
        loaded.apply(vectors)?;
    }
    let mut samples: [Samples; 5] = Default::default();
    let [kernel, expand, upload, download, end_to_end] = &mut samples;
    for _ in 0..repeats.get() {
        let (_, timing) = end_to_end.time(|| loaded.apply_timed(vectors))?;
        kernel.add(timing.kernel);
        expand.add(timing.expand);
        upload.add(timing.upload);
        download.add(timing.download);
    }
    let [kernel, expand, upload, download, end_to_end] = samples.map(|samples| samples.summary());
    let per_second = 1000.0 / kernel.median_ms;
    let matrix_bytes_per_second = size.matrix_bytes as f64 * per_second;
    Ok(CudaTimes {
        queries: vectors.len(),
        kernel,
        expand,
        upload,
        download,
        end_to_end,
        entries_per_second: (size.entries * vectors.len()) as f64 * per_second,
        matrix_bytes_per_second,
        part_of_copy_bandwidth: matrix_bytes_per_second / size.copy_bytes_per_second,
    })
}

/// What rates are computed from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    pub(crate) entries: usize,
    pub(crate) matrix_bytes: usize,
    pub(crate) copy_bytes_per_second: f64,
}

/// Bytes per second that a copy from device to device reads and writes, together.
pub(crate) fn copy_bytes_per_second(device: &Device) -> Result<f64, Failure> {
    let bytes = 1 << 30;
    let mut seconds = device.time_copies(bytes, 20)?;
    seconds.sort_by(f64::total_cmp);
    Ok(2.0 * bytes as f64 / seconds[seconds.len() / 2])
}
