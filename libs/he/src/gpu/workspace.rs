//! Buffers for the queries that are on the device at one time, and the launches of the kernels.

use cudarc::driver::{CudaFunction, CudaSlice, LaunchConfig, PinnedHostSlice, PushKernelArg};

use super::matrix::{DeviceMatrix, split};
use super::{Device, GpuError};
use crate::encrypted::{EncryptedScores, Query};
use crate::parameters::DEGREE;

/// Queries that are multiplied in one pass over the matrix.
pub(super) const BATCH: usize = 4;
/// Threads in a block of the kernels `multiply`.
const THREADS: u32 = 128;

/// What the lengths of the buffers follow from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sizes {
    pub(super) blocks: usize,
    pub(super) groups: usize,
    pub(super) rows_per_block: usize,
}

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
        let (query_len, mask_len) = (sizes.groups * 2 * DEGREE, sizes.blocks * DEGREE);
        let body_len = sizes.blocks * sizes.rows_per_block;
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
            let masks = query.masks.chunks_exact(DEGREE);
            let parts = masks.zip(query.vector.bodies.chunks_exact(DEGREE));
            let polynomials = parts.flat_map(|(mask, body)| [mask, body]);
            for (polynomial, host) in polynomials.zip(host.chunks_exact_mut(DEGREE)) {
                for (value, host) in polynomial.iter().zip(host) {
                    *host = split(*value);
                }
            }
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
        let (blocks, groups) = on.launch_sizes();
        let config = LaunchConfig {
            grid_dim: (DEGREE as u32 / THREADS, blocks.div_ceil(blocks_per_thread), 1),
            block_dim: (THREADS, 1, 1),
            shared_mem_bytes: 0,
        };
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
        let (blocks, _) = on.launch_sizes();
        let group = on.shape.header.layout.group.entries() as u32;
        let config = LaunchConfig {
            grid_dim: (blocks, 2, count as u32),
            block_dim: (DEGREE as u32 / 8, 1, 1),
            shared_mem_bytes: 0,
        };
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
        let header = on.shape.header;
        let scores = masks.chunks_exact(mask_len).zip(bodies.chunks_exact(body_len));
        Ok(scores
            .map(|(masks, bodies)| {
                let (masks, bodies) = (masks.to_vec(), bodies[..header.entries].to_vec());
                EncryptedScores { header, masks, bodies }
            })
            .collect())
    }
}

impl DeviceMatrix {
    /// Blocks and groups, as the kernels take them; both are far below 2^32 by the limits.
    fn launch_sizes(&self) -> (u32, u32) {
        (self.sizes.blocks as u32, self.sizes.groups as u32)
    }
}
