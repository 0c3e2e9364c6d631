//! Why there is no CUDA device to compute with.

use cudarc::driver::DriverError;
use cudarc::driver::sys::CUresult;
use thiserror::Error as ThisError;

/// Why the CUDA device could not be used.
#[derive(Debug, Clone, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum GpuError {
    /// The driver's library cannot be loaded.
    #[error("there is no NVIDIA driver: the library \"libcuda.so.1\" cannot be loaded")]
    NoDriver,
    /// The driver is there and sees no device.
    #[error("the NVIDIA driver sees no CUDA device: {0}")]
    NoDevice(String),
    /// The library that compiles kernels cannot be loaded.
    #[error(
        "there is no CUDA run-time compiler: the library \"libnvrtc.so\" (12 or 13) cannot be loaded; install CUDA's NVRTC and put its folder on LD_LIBRARY_PATH"
    )]
    NoCompiler,
    /// The kernels did not compile.
    #[error("the CUDA kernels do not compile:\n{log}")]
    Compile {
        /// What the compiler said.
        log: String,
    },
    /// The device has too little free memory.
    #[error("the CUDA device has {free} bytes of free memory; {needed} are needed")]
    OutOfMemory {
        /// Bytes that were asked for.
        needed: usize,
        /// Bytes that were free.
        free: usize,
    },
    /// The driver refused a call.
    #[error("the CUDA driver failed: {0}")]
    Driver(String),
}

impl From<DriverError> for GpuError {
    fn from(error: DriverError) -> Self {
        let name = describe(&error);
        match error.0 {
            CUresult::CUDA_ERROR_NO_DEVICE | CUresult::CUDA_ERROR_INVALID_DEVICE => {
                Self::NoDevice(name)
            }
            _ => Self::Driver(name),
        }
    }
}

fn describe(error: &DriverError) -> String {
    let text = |text: Result<&std::ffi::CStr, DriverError>| {
        text.map_or_else(|_| format!("{:?}", error.0), |text| text.to_string_lossy().into_owned())
    };
    format!("{} ({})", text(error.error_string()), text(error.error_name()))
}
