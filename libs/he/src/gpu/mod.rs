//! The product on a CUDA device. Beside `kernel::wide` the only module with `unsafe` code.
//!
//! Nothing of CUDA is needed to build it. The driver and the compiler of the kernels are loaded at
//! run time, and a [`GpuError`] says which of them is missing.

mod device;
mod error;
mod launch;
mod layout;
mod matrix;
mod source;
mod tables;
mod workspace;

pub use device::Device;
pub use error::GpuError;
pub use matrix::{DeviceMatrix, Timing};
