//! With how many threads the kernels of `apply.cu` are launched. Nothing here needs a device.

use cudarc::driver::LaunchConfig;

use crate::limits::MAX_ROWS;
use crate::parameters::DEGREE;

/// Blocks of threads that a device takes in the second and the third direction of a grid.
const MAX_BLOCKS: usize = 65_535;

/// A block of rows has at least these, in the largest group.
const LEAST_ROWS: usize = DEGREE / 32;

/// The second direction counts blocks of rows, of which the largest matrix has the most.
const _: () = assert!(MAX_ROWS.div_ceil(LEAST_ROWS) <= MAX_BLOCKS);

/// Threads in a block of the kernels `multiply`.
const THREADS: u32 = 128;

/// A thread for every coefficient of so many blocks of rows at a time.
pub(super) fn multiply(blocks: u32, blocks_per_thread: u32) -> LaunchConfig {
    LaunchConfig {
        grid_dim: (DEGREE as u32 / THREADS, blocks.div_ceil(blocks_per_thread), 1),
        block_dim: (THREADS, 1, 1),
        shared_mem_bytes: 0,
    }
}

/// A thread for eight values of the mask and of the body of every block of rows of every query.
pub(super) fn finish(blocks: u32, queries: u32) -> LaunchConfig {
    LaunchConfig {
        grid_dim: (blocks, 2, queries),
        block_dim: (DEGREE as u32 / 8, 1, 1),
        shared_mem_bytes: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_coefficient_of_every_block_has_a_thread_and_no_thread_has_nothing_to_do() {
        for (blocks, blocks_per_thread) in [(1, 1), (67, 1), (1, 2), (66, 2), (67, 2)] {
            let config = multiply(blocks, blocks_per_thread);
            assert_eq!(config.grid_dim.0 * config.block_dim.0, DEGREE as u32);
            let some = config.grid_dim.1 * blocks_per_thread;
            assert!((blocks..blocks + blocks_per_thread).contains(&some), "{config:?}");
            assert_eq!((config.grid_dim.2, config.shared_mem_bytes), (1, 0));
        }
    }

    #[test]
    fn every_polynomial_of_the_sums_has_the_threads_of_its_transform() {
        let config = finish(67, 4);
        assert_eq!(config.grid_dim, (67, 2, 4));
        assert_eq!(config.block_dim.0 * 8, DEGREE as u32);
        assert_eq!((config.block_dim.1, config.block_dim.2, config.shared_mem_bytes), (1, 1, 0));
    }
}
