//! Buffers for the queries that are on the device at one time, and the launches of the kernels.

use cudarc::driver::{CudaFunction, CudaSlice, PinnedHostSlice, PushKernelArg};

use super::layout::{Sizes, write_query};
use super::matrix::DeviceMatrix;
use super::{Device, GpuError, launch};
use crate::encrypted::{EncryptedScores, Query};

/// Queries that are multiplied in one pass over the matrix.
pub(super) const BATCH: usize = 4;

/// Buffers on both sides.
#[derive(Debug)]
pub(super) struct Workspace {
    query_len: usize,
    mask_len: usize,
    body_len: usize,
    queries: CudaSlice<u64>,
    sums: CudaSlice<u64>,
    masks: CudaSlice<u32>,
    bodies: CudaSlice<u32>,
    host_queries: PinnedHostSlice<u64>,
    host_scores: PinnedHostSlice<u32>,
}

impl Workspace {
    /// Buffers for so many queries at one time.
    pub(super) fn new(device: &Device, sizes: &Sizes, count: usize) -> Result<Self, GpuError> {
        let (query_len, mask_len, body_len) =
            (sizes.query_len(), sizes.mask_len(), sizes.body_len());
        Ok(Self {
            query_len,
            mask_len,
            body_len,
            queries: device.allocate(count * query_len)?,
            sums: device.allocate(count * 2 * mask_len)?,
            masks: device.allocate(count * mask_len)?,
            bodies: device.allocate(count * body_len)?,
            host_queries: device.allocate_host(count * query_len)?,
            host_scores: device.allocate_host(count * (mask_len + body_len))?,
        })
    }

    pub(super) fn capacity(&self) -> usize {
        self.queries.len() / self.query_len
    }

    /// Brings queries to the device, as `[query][group][mask, body][coefficient]`.
    pub(super) fn upload(
        &mut self,
        device: &Device,
        queries: &[Query<'_>],
    ) -> Result<(), GpuError> {
        let host = &mut self.host_queries.as_mut_slice()?[..queries.len() * self.query_len];
        for (query, host) in queries.iter().zip(host.chunks_exact_mut(self.query_len)) {
            write_query(query, host);
        }
        let mut to = self.queries.slice_mut(..host.len());
        device.stream.memcpy_htod(&*host, &mut to)?;
        Ok(device.stream.synchronize()?)
    }

    /// Computes the scores of the first so many queries.
    pub(super) fn compute(&mut self, on: &DeviceMatrix, count: usize) -> Result<(), GpuError> {
        let kernels = &on.device.kernels;
        if count == BATCH {
            self.multiply(on, &kernels.multiply_4, 2, 0..BATCH)?;
        } else {
            for query in 0..count {
                self.multiply(on, &kernels.multiply_1, 1, query..query + 1)?;
            }
        }
        self.finish(on, count)
    }

    #[expect(unsafe_code, reason = "a launch of a kernel is unsafe by nature")]
    fn multiply(
        &mut self,
        on: &DeviceMatrix,
        kernel: &CudaFunction,
        blocks_per_thread: u32,
        queries: std::ops::Range<usize>,
    ) -> Result<(), GpuError> {
        let (blocks, groups) = on.sizes.for_launch();
        let config = launch::multiply(blocks, blocks_per_thread);
        let sums_len = 2 * self.mask_len;
        let values =
            self.queries.slice(queries.start * self.query_len..queries.end * self.query_len);
        let mut sums = self.sums.slice_mut(queries.start * sums_len..queries.end * sums_len);
        let mut launch = on.device.stream.launch_builder(kernel);
        launch.arg(&on.entries).arg(&values).arg(&mut sums).arg(&groups).arg(&blocks);
        // SAFETY: the arguments are those of the kernel in `apply.cu`, in order and in type. It
        // reads blocks · groups · DEGREE entries (what `DeviceMatrix::load` allocates) and, for as
        // many queries as its name says, groups · 2 · DEGREE values; it writes blocks · 2 · DEGREE
        // sums each. Both slices above have exactly these lengths: slicing past the end panics.
        unsafe { launch.launch(config) }?;
        Ok(())
    }

    #[expect(unsafe_code, reason = "a launch of a kernel is unsafe by nature")]
    fn finish(&mut self, on: &DeviceMatrix, count: usize) -> Result<(), GpuError> {
        let ((blocks, _), group) = (on.sizes.for_launch(), on.sizes.group());
        let config = launch::finish(blocks, count as u32);
        let sums = self.sums.slice(..count * 2 * self.mask_len);
        let mut masks = self.masks.slice_mut(..count * self.mask_len);
        let mut bodies = self.bodies.slice_mut(..count * self.body_len);
        let mut launch = on.device.stream.launch_builder(&on.device.kernels.finish);
        launch.arg(&sums).arg(&*on.device.zetas).arg(&mut masks).arg(&mut bodies);
        launch.arg(&blocks).arg(&group);
        // SAFETY: the arguments are those of the kernel in `apply.cu`, in order and in type. For
        // each of `count` queries it reads blocks · 2 · DEGREE sums and writes blocks · DEGREE
        // masks and blocks · DEGREE / group bodies, which are the lengths of the slices above; it
        // reads DEGREE pairs of factors, which is what `Device::open` puts there.
        unsafe { launch.launch(config) }?;
        Ok(())
    }

    /// Brings the scores of the first so many queries back.
    pub(super) fn download(
        &mut self,
        on: &DeviceMatrix,
        count: usize,
    ) -> Result<Vec<EncryptedScores>, GpuError> {
        let (mask_len, body_len) = (self.mask_len, self.body_len);
        let host = self.host_scores.as_mut_slice()?;
        let (masks, rest) = host.split_at_mut(count * mask_len);
        let bodies = &mut rest[..count * body_len];
        on.device.stream.memcpy_dtoh(&self.masks.slice(..masks.len()), masks)?;
        on.device.stream.memcpy_dtoh(&self.bodies.slice(..bodies.len()), bodies)?;
        on.device.stream.synchronize()?;
        Ok(on.sizes.read_scores(masks, bodies))
    }
}
