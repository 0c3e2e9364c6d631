//! From `apply.cu` to something that the driver loads, by the compiler in the library NVRTC.

use cudarc::nvrtc::{self, CompileError, CompileOptions, Ptx};

use super::GpuError;
use super::tables::constants;

/// The kernels, complete.
pub(super) fn source() -> String {
    format!("{}{}", constants(), include_str!("apply.cu"))
}

/// Compiles kernels for devices of an architecture such as `compute_90` and all later ones.
///
/// # Errors
///
/// [`GpuError::NoCompiler`] and [`GpuError::Compile`].
pub(super) fn compile(source: &str, architecture: &'static str) -> Result<Ptx, GpuError> {
    if !has_compiler() {
        return Err(GpuError::NoCompiler);
    }
    let name = Some("apply.cu".to_owned());
    let options = CompileOptions { arch: Some(architecture), name, ..CompileOptions::default() };
    nvrtc::compile_ptx_with_opts(source, options).map_err(|error| GpuError::Compile {
        log: match error {
            CompileError::CompileError { log, .. } => log.to_string_lossy().into_owned(),
            other => format!("{other:?}"),
        },
    })
}

#[expect(unsafe_code, reason = "cudarc declares the look for a library as unsafe")]
fn has_compiler() -> bool {
    // SAFETY: this opens and closes the library NVRTC, whose initialization has no precondition.
    unsafe { nvrtc::sys::is_culib_present() }
}

#[cfg(test)]
mod tests;
