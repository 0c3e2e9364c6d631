//! The report, for programs and for people.

use std::fmt::{self, Write as _};

use serde::Serialize;

use crate::cpu::CpuTimes;
use crate::cuda::CudaTimes;
use crate::fingerprint::Fingerprint;
use crate::statistics::Summary;
use crate::targets::Target;

/// Everything that was measured.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    /// Counts up when a field changes its meaning.
    pub(crate) schema: u32,
    pub(crate) machine: Fingerprint,
    /// Load averages of one, five and fifteen minutes before the run; `None` where the system does
    /// not say.
    pub(crate) load_average: Option<String>,
    /// The words of the command.
    pub(crate) command: String,
    /// Times that each step was repeated.
    pub(crate) repeats: usize,
    /// SHA-256 of the known answer that every backend gave.
    pub(crate) known_answer: String,
    pub(crate) cpu_read_bytes_per_second: f64,
    pub(crate) device_copy_bytes_per_second: Option<f64>,
    /// Most bytes of device memory in use at the end of a case, by everything on it.
    pub(crate) device_memory_high_water: Option<usize>,
    pub(crate) cases: Vec<CaseReport>,
    /// What has to be reached on one core.
    pub(crate) targets: Vec<Target>,
}

/// What was measured for one case.
#[derive(Debug, Serialize)]
pub(crate) struct CaseReport {
    pub(crate) case: String,
    pub(crate) entries: usize,
    pub(crate) matrix_bytes: usize,
    pub(crate) request_bytes: usize,
    pub(crate) response_bytes: usize,
    /// SHA-256 of the scores that every backend gave.
    pub(crate) scores: String,
    pub(crate) prepare_seconds: f64,
    pub(crate) cpu: Option<CpuTimes>,
    pub(crate) cuda: Vec<CudaTimes>,
    pub(crate) device_load_seconds: Option<f64>,
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cpu = self.machine.cpu.as_deref().unwrap_or("unknown CPU");
        writeln!(
            formatter,
            "{cpu}, one core reads {:.1} GB/s",
            self.cpu_read_bytes_per_second / 1e9
        )?;
        if let (Some(gpu), Some(copy)) = (&self.machine.gpu, self.device_copy_bytes_per_second) {
            writeln!(formatter, "{}, a copy moves {:.0} GB/s", gpu.name, copy / 1e9)?;
        }
        for case in &self.cases {
            let megabytes = case.matrix_bytes as f64 / 1e6;
            writeln!(formatter, "\n{} ({megabytes:.0} MB)", case.case)?;
            if let Some(cpu) = &case.cpu {
                formatter.write_str(&cpu_lines(cpu, self.cpu_read_bytes_per_second))?;
            }
            for cuda in &case.cuda {
                formatter.write_str(&cuda_lines(cuda))?;
            }
        }
        Ok(())
    }
}

fn cpu_lines(cpu: &CpuTimes, read: f64) -> String {
    let mut lines = String::new();
    line(&mut lines, "CPU parse", &cpu.parse);
    line(&mut lines, "CPU expand", &cpu.expand);
    line(&mut lines, "CPU arrange", &cpu.arrange);
    line(&mut lines, "CPU multiply", &cpu.multiply);
    line(&mut lines, "CPU multiply, portable", &cpu.multiply_portable);
    line(&mut lines, "CPU scale", &cpu.scale);
    line(&mut lines, &format!("CPU multiply, {} cores", cpu.cores), &cpu.multiply_all_cores);
    line(&mut lines, "fhe-math dot product", &cpu.fhe_math);
    // Writing to a string cannot fail.
    let _ = writeln!(
        lines,
        "  {}: {:.2} G entries/s per core, {:.2} x fhe-math, {:.2} of the read bandwidth",
        cpu.instructions,
        cpu.entries_per_second / 1e9,
        cpu.times_fhe_math,
        cpu.matrix_bytes_per_second / read
    );
    lines
}

fn cuda_lines(cuda: &CudaTimes) -> String {
    let (mut lines, queries) = (String::new(), cuda.queries);
    for (name, summary) in [
        ("kernel", &cuda.kernel),
        ("expand", &cuda.expand),
        ("upload", &cuda.upload),
        ("download", &cuda.download),
        ("end to end", &cuda.end_to_end),
    ] {
        line(&mut lines, &format!("CUDA {name}, {queries} queries"), summary);
    }
    // Writing to a string cannot fail.
    let _ = writeln!(
        lines,
        "  {:.0} G entries/s, {:.2} of the copy bandwidth",
        cuda.entries_per_second / 1e9,
        cuda.part_of_copy_bandwidth
    );
    lines
}

fn line(lines: &mut String, name: &str, summary: &Summary) {
    let Summary { median_ms, min_ms, spread, .. } = summary;
    // Writing to a string cannot fail.
    let _ = writeln!(
        lines,
        "  {name:<26} {median_ms:>10.3} ms  min {min_ms:>10.3}  spread {:>3.0} %",
        spread * 100.0
    );
}
