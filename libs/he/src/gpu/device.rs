//! One CUDA device with the kernels loaded.

use std::sync::Arc;

use cudarc::driver::sys::CUdevice_attribute;
use cudarc::driver::{self, CudaContext, CudaFunction, CudaSlice, CudaStream, PinnedHostSlice};

use super::GpuError;
use super::source::{compile, source};
use super::tables::zetas;

/// A CUDA device, ready to take matrices.
#[derive(Clone, Debug)]
pub struct Device {
    context: Arc<CudaContext>,
    pub(super) stream: Arc<CudaStream>,
    pub(super) kernels: Kernels,
    pub(super) zetas: Arc<CudaSlice<u64>>,
}

/// The entry points of `apply.cu`.
#[derive(Clone, Debug)]
pub(super) struct Kernels {
    pub(super) multiply_1: CudaFunction,
    pub(super) multiply_4: CudaFunction,
    pub(super) finish: CudaFunction,
}

impl Device {
    /// Opens the first device and compiles the kernels for it.
    ///
    /// # Errors
    ///
    /// Every variant of [`GpuError`]: nothing here panics where CUDA is missing.
    pub fn open() -> Result<Self, GpuError> {
        if !has_driver() {
            return Err(GpuError::NoDriver);
        }
        let context = CudaContext::new(0)?;
        let compiled = compile(&source(), architecture(&context)?)?;
        let stream = context.new_stream()?;
        let module = context.load_module(compiled)?;
        let kernels = Kernels {
            multiply_1: module.load_function("multiply_1")?,
            multiply_4: module.load_function("multiply_4")?,
            finish: module.load_function("finish")?,
        };
        let zetas = Arc::new(stream.clone_htod(zetas().as_flattened())?);
        Ok(Self { context, stream, kernels, zetas })
    }

    /// The name that the driver gives, such as "NVIDIA H100 80GB HBM3".
    ///
    /// # Errors
    ///
    /// [`GpuError::Driver`] if the driver does not answer.
    pub fn name(&self) -> Result<String, GpuError> {
        Ok(self.context.name()?)
    }

    /// Bytes of memory: free ones and all.
    ///
    /// # Errors
    ///
    /// [`GpuError::Driver`] if the driver does not answer.
    pub fn memory(&self) -> Result<(usize, usize), GpuError> {
        Ok(self.context.mem_get_info()?)
    }

    /// Registers of a thread and bytes spilled by it, for every kernel: what the compiler made.
    ///
    /// # Errors
    ///
    /// [`GpuError::Driver`] if the driver does not answer.
    pub fn kernels(&self) -> Result<Vec<(&'static str, i32, i32)>, GpuError> {
        let kernels = [
            ("multiply_1", &self.kernels.multiply_1),
            ("multiply_4", &self.kernels.multiply_4),
            ("finish", &self.kernels.finish),
        ];
        let describe = |(name, kernel): (_, &CudaFunction)| {
            Ok((name, kernel.num_regs()?, kernel.local_size_bytes()?))
        };
        kernels.into_iter().map(describe).collect()
    }

    /// Seconds that each of several copies of so many bytes from device to device takes.
    ///
    /// # Errors
    ///
    /// [`GpuError::OutOfMemory`] and [`GpuError::Driver`].
    pub fn time_copies(&self, bytes: usize, times: usize) -> Result<Vec<f64>, GpuError> {
        let from = self.allocate::<u8>(bytes)?;
        let mut to = self.allocate::<u8>(bytes)?;
        let copy = |_| self.time(|| Ok(self.stream.memcpy_dtod(&from, &mut to)?));
        (0..times).map(copy).collect()
    }

    /// Seconds between an event before the work and one after it.
    pub(super) fn time(
        &self,
        work: impl FnOnce() -> Result<(), GpuError>,
    ) -> Result<f64, GpuError> {
        let flags = Some(driver::sys::CUevent_flags::CU_EVENT_DEFAULT);
        let start = self.stream.record_event(flags)?;
        work()?;
        let end = self.stream.record_event(flags)?;
        Ok(f64::from(start.elapsed_ms(&end)?) / 1000.0)
    }

    /// Device memory for so many values, all zero.
    pub(super) fn allocate<T>(&self, length: usize) -> Result<CudaSlice<T>, GpuError>
    where
        T: driver::DeviceRepr + driver::ValidAsZeroBits,
    {
        let (needed, (free, _)) = (length * size_of::<T>(), self.memory()?);
        check_room(needed, free)?;
        self.stream.alloc_zeros(length).map_err(|error| match error.0 {
            driver::sys::CUresult::CUDA_ERROR_OUT_OF_MEMORY => {
                GpuError::OutOfMemory { needed, free }
            }
            _ => error.into(),
        })
    }
}

fn check_room(needed: usize, free: usize) -> Result<(), GpuError> {
    if needed > free { Err(GpuError::OutOfMemory { needed, free }) } else { Ok(()) }
}

/// The newest architecture that the kernels are compiled for and the device still runs.
fn architecture(context: &CudaContext) -> Result<&'static str, GpuError> {
    let major = CUdevice_attribute::CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR;
    newest_architecture(context.attribute(major)?)
}

fn newest_architecture(major: i32) -> Result<&'static str, GpuError> {
    match major {
        ..8 => Err(GpuError::NoDevice("it is older than compute capability 8.0".to_owned())),
        8 => Ok("compute_80"),
        9.. => Ok("compute_90"),
    }
}

#[expect(unsafe_code, reason = "cudarc declares the look for a library as unsafe")]
fn has_driver() -> bool {
    // SAFETY: this opens and closes the driver's library, whose initialization has no precondition.
    unsafe { driver::sys::is_culib_present() }
}

impl Device {
    /// Memory of the host that the device copies from and to at full speed, all zero.
    #[expect(unsafe_code, reason = "the memory comes without a value")]
    pub(super) fn allocate_host<T>(&self, length: usize) -> Result<PinnedHostSlice<T>, GpuError>
    where
        T: driver::DeviceRepr + driver::ValidAsZeroBits + Default + Copy,
    {
        // SAFETY: every value is written before any is read, in the next statement.
        let mut memory = unsafe { self.context.alloc_pinned_with_flags(length, 0) }?;
        memory.as_mut_slice()?.fill(T::default());
        Ok(memory)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_of_the_last_years_have_kernels_and_older_ones_are_named() {
        let older = |major| matches!(newest_architecture(major), Err(GpuError::NoDevice(_)));
        assert!(older(0) && older(7));
        assert_eq!(newest_architecture(8), Ok("compute_80"));
        for major in [9, 10, 12] {
            assert_eq!(newest_architecture(major), Ok("compute_90"));
        }
    }

    #[test]
    fn memory_that_is_free_to_the_last_byte_is_enough() {
        assert_eq!(check_room(5, 5), Ok(()));
        assert_eq!(check_room(6, 5), Err(GpuError::OutOfMemory { needed: 6, free: 5 }));
    }

    #[test]
    fn without_a_driver_there_is_a_named_error_and_no_panic() {
        match Device::open() {
            Ok(device) => assert!(device.name().is_ok_and(|name| !name.is_empty())),
            Err(error) => assert_eq!(error == GpuError::NoDriver, !has_driver(), "{error}"),
        }
    }
}
