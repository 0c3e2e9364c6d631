//! From options to a report.

use std::io::{self, Write as _};
use std::time::Instant;

use he::{Backend, BackendError, Device, DeviceMatrix, EncryptedVector, Matrix};
use he_client::SecretKey;

use crate::case::Case;
use crate::cuda::{CudaTimes, Size};
use crate::failure::Failure;
use crate::known_answer::{self, digest};
use crate::options::Options;
use crate::output::{self, Files};
use crate::page::page;
use crate::report::{CaseReport, Report};
use crate::targets::{Target, of_core};
use crate::{cpu, cuda, fingerprint, peers};

/// Numbers of queries that are computed together on a device.
const TOGETHER: [usize; 2] = [1, 4];

/// Checks, times and reports.
pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    let load_average = fingerprint::load_average();
    let device = open(options.backend)?;
    let known_answer = known_answer::check(device.as_ref())?;
    let read_bytes = 512 << 20;
    let read = peers::time_reads(read_bytes, 10);
    let copy = device.as_ref().map(cuda::copy_bytes_per_second).transpose()?;
    let machine = fingerprint::fingerprint(device.as_ref())?;

    let (mut cases, mut high_water) = (Vec::new(), None);
    for case in &options.cases {
        let device = device.as_ref().zip(copy);
        cases.push(time(case, options, device, &mut high_water)?);
        writeln!(io::stderr(), "{case}: timed")?;
    }
    let cpu_read_bytes_per_second = read_bytes as f64 / (read.median_ms / 1000.0);
    let report = Report {
        schema: 2,
        machine,
        load_average,
        command: output::command(),
        repeats: options.repeats.get(),
        known_answer,
        cpu_read_bytes_per_second,
        device_copy_bytes_per_second: copy,
        device_memory_high_water: high_water,
        targets: cases.iter().flat_map(|case| targets(case, cpu_read_bytes_per_second)).collect(),
        cases,
    };
    if let Some(file) = &options.page {
        output::write(file, page(&report).as_bytes())?;
    }
    let files = Files { page: None, json: options.json.as_deref() };
    output::tell(&report.to_string(), &report, &files)
}

fn targets(case: &CaseReport, read_bytes_per_second: f64) -> Vec<Target> {
    case.cpu.iter().flat_map(|cpu| of_core(&case.case, cpu, read_bytes_per_second)).collect()
}

/// The device of a backend; where it is left to the program, a missing one is told once.
pub(crate) fn open(backend: Backend) -> Result<Option<Device>, Failure> {
    if backend == Backend::Cpu {
        return Ok(None);
    }
    match Device::open() {
        Ok(device) => Ok(Some(device)),
        Err(error) if backend == Backend::Auto => {
            writeln!(io::stderr(), "only the CPU is timed: {error}")?;
            Ok(None)
        }
        Err(error) => Err(BackendError::from(error).into()),
    }
}

fn time(
    case: &Case,
    options: &Options,
    device: Option<(&Device, f64)>,
    high_water: &mut Option<usize>,
) -> Result<CaseReport, Failure> {
    let start = Instant::now();
    let matrix = Matrix::with_layout(&case.vectors(case.rows, 1), case.layout)?;
    let prepare_seconds = start.elapsed().as_secs_f64();
    let vectors = encrypt(case)?;
    let expected = cpu::scores(&matrix, &vectors)?;
    let bytes: Vec<Vec<u8>> = expected.iter().map(he::EncryptedScores::to_bytes).collect();

    let mut report = CaseReport {
        case: case.to_string(),
        entries: case.entries(),
        matrix_bytes: matrix.bytes(),
        request_bytes: vectors[0].to_bytes().len(),
        response_bytes: bytes[0].len(),
        scores: digest(&bytes.concat()),
        prepare_seconds,
        cpu: None,
        cuda: Vec::new(),
        device_load_seconds: None,
    };
    if case.entries() <= options.single_core_limit {
        report.cpu = Some(cpu::time(case, &matrix, &vectors[0], options.repeats)?);
    }
    if let Some((device, copy_bytes_per_second)) = device {
        let start = Instant::now();
        let loaded = DeviceMatrix::load(device, &matrix)?;
        report.device_load_seconds = Some(start.elapsed().as_secs_f64());
        if loaded.apply(&vectors)? != expected || loaded.apply(&vectors[..1])? != expected[..1] {
            let case = case.to_string();
            return Err(Failure::Differ { case, left: "the CPU", right: "the CUDA device" });
        }
        let size =
            Size { entries: case.entries(), matrix_bytes: matrix.bytes(), copy_bytes_per_second };
        let timed = |count| cuda::time(&loaded, &vectors[..count], size, options.repeats);
        report.cuda = TOGETHER.into_iter().map(timed).collect::<Result<Vec<CudaTimes>, _>>()?;
        let (free, all) = device.memory()?;
        *high_water = (*high_water).max(Some(all - free));
    }
    Ok(report)
}

fn encrypt(case: &Case) -> Result<Vec<EncryptedVector>, Failure> {
    let key = SecretKey::generate();
    let vectors = case.vectors(TOGETHER[1], 2);
    let encrypt = |vector: &Vec<i64>| key.encrypt_in(vector, case.layout);
    Ok(vectors.iter().map(encrypt).collect::<Result<_, _>>()?)
}
