//! The machine and the build that a report is about.

use std::process::Command;
use std::{env, fmt, fs, thread};

use he::Device;
use serde::Serialize;

use crate::failure::Failure;

/// What could not be found out is `None`, never a guess.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Fingerprint {
    pub(crate) cpu: Option<String>,
    pub(crate) cores: Option<usize>,
    pub(crate) gpu: Option<Gpu>,
    /// The compiler: from `HE_BENCH_RUSTC` at build time, or what is asked for it where it is run.
    pub(crate) rustc: Option<String>,
    /// The commit: from `HE_BENCH_COMMIT` at run time, or what Git says where it is asked.
    pub(crate) commit: Option<String>,
    pub(crate) version: &'static str,
}

/// The device, and what `nvidia-smi` says of it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Gpu {
    pub(crate) name: String,
    pub(crate) memory_bytes: usize,
    pub(crate) driver: Option<String>,
    pub(crate) cuda: Option<String>,
    pub(crate) sm_clock: Option<String>,
    pub(crate) max_sm_clock: Option<String>,
    pub(crate) memory_clock: Option<String>,
    pub(crate) kernels: Vec<Kernel>,
}

impl fmt::Display for Gpu {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let told = |value: &Option<String>| value.clone().unwrap_or_else(|| "not told".to_owned());
        let (driver, cuda) = (told(&self.driver), told(&self.cuda));
        let gibibytes = self.memory_bytes >> 30;
        write!(formatter, "{}, {gibibytes} GiB, driver {driver}, CUDA {cuda}", self.name)
    }
}

/// What the compiler made of a kernel.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Kernel {
    pub(crate) name: &'static str,
    pub(crate) registers: i32,
    pub(crate) local_bytes: i32,
}

/// Asks the system, and the device if there is one.
pub(crate) fn fingerprint(device: Option<&Device>) -> Result<Fingerprint, Failure> {
    Ok(Fingerprint {
        cpu: cpu_model(),
        cores: thread::available_parallelism().ok().map(usize::from),
        gpu: device.map(gpu).transpose()?,
        rustc: option_env!("HE_BENCH_RUSTC").map(str::to_owned),
        commit: env::var("HE_BENCH_COMMIT").ok(),
        version: env!("CARGO_PKG_VERSION"),
    })
}

impl Fingerprint {
    /// The processor, for people.
    pub(crate) fn processor(&self) -> String {
        let unknown = || "unknown".to_owned();
        let cores = self.cores.map_or_else(unknown, |cores| cores.to_string());
        format!("{}, {cores} cores", self.cpu.clone().unwrap_or_else(unknown))
    }

    /// The compiler and the commit, for people.
    pub(crate) fn build(&self) -> String {
        let rustc = self.rustc.as_deref().unwrap_or("compiler not told");
        format!("{rustc}, commit {}", self.commit.as_deref().unwrap_or("not told"))
    }
}

/// Load averages of one, five and fifteen minutes; `None` where the system does not say.
pub(crate) fn load_average() -> Option<String> {
    let text = fs::read_to_string("/proc/loadavg").ok()?;
    Some(text.split_whitespace().take(3).collect::<Vec<_>>().join(", "))
}

fn cpu_model() -> Option<String> {
    let text = fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = text.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

fn gpu(device: &Device) -> Result<Gpu, Failure> {
    let kernel = |(name, registers, local_bytes)| Kernel { name, registers, local_bytes };
    Ok(Gpu {
        name: device.name()?,
        memory_bytes: device.memory()?.1,
        driver: query("driver_version"),
        cuda: cuda_version(),
        sm_clock: query("clocks.sm"),
        max_sm_clock: query("clocks.max.sm"),
        memory_clock: query("clocks.mem"),
        kernels: device.kernels()?.into_iter().map(kernel).collect(),
    })
}

fn query(field: &str) -> Option<String> {
    let query = format!("--query-gpu={field}");
    let answer = nvidia_smi(&[&query, "--format=csv,noheader", "--id=0"])?;
    answer.lines().next().map(|line| line.trim().to_owned())
}

fn cuda_version() -> Option<String> {
    let text = nvidia_smi(&[])?;
    let (_, after) = text.split_once("CUDA Version:")?;
    after.split_whitespace().next().map(str::to_owned)
}

fn nvidia_smi(arguments: &[&str]) -> Option<String> {
    let output = Command::new("nvidia-smi").args(arguments).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A machine without a device, of which the rest is not known.
    pub(crate) fn machine(cpu: &str, cores: usize) -> Fingerprint {
        Fingerprint {
            cpu: Some(cpu.to_owned()),
            cores: Some(cores),
            gpu: None,
            rustc: None,
            commit: None,
            version: "0.0.0",
        }
    }

    #[test]
    fn what_is_not_known_is_said_to_be_unknown() {
        let mut machine = machine("a processor", 2);
        assert_eq!(machine.processor(), "a processor, 2 cores");
        assert_eq!(machine.build(), "compiler not told, commit not told");
        machine.cpu = None;
        machine.rustc = Some("rustc 1".to_owned());
        machine.commit = Some("abc".to_owned());
        assert_eq!(machine.processor(), "unknown, 2 cores");
        assert_eq!(machine.build(), "rustc 1, commit abc");
    }
}
