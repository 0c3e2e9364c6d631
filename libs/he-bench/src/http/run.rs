//! From options to a report and a page.

use std::io::{self, Write as _};

use super::measure;
use super::options::HttpOptions;
use super::page::page;
use super::report::HttpReport;
use super::server::{Server, Settings};
use super::targets::targets;
use crate::failure::Failure;
use crate::output::{self, Files};
use crate::run::open;
use crate::{fingerprint, known_answer, peers};

/// Checks the known answer, then measures every case.
pub(crate) fn run(options: &HttpOptions) -> Result<(), Failure> {
    let device = open(options.backend)?;
    known_answer::check(device.as_ref())?;
    let load_average = fingerprint::load_average();
    let read_bytes = 512 << 20;
    let read = peers::time_reads(read_bytes, 10);
    let cpu_read_bytes_per_second = read_bytes as f64 / (read.median_ms / 1000.0);
    // The clients take little beside the server: one thread is enough for all of them.
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let settings = Settings::new(options.backend);
    let (engine, memory_without_matrix) = runtime
        .block_on(Server::start(&options.server, None, settings))
        .map(|server| (server.engine.clone(), server.memory()))?;
    let mut cases = Vec::new();
    for case in &options.cases {
        cases.push(runtime.block_on(measure::measure(case, options))?);
        writeln!(io::stderr(), "{case}: timed")?;
    }
    let report = HttpReport {
        schema: 3,
        machine: fingerprint::fingerprint(device.as_ref())?,
        load_average,
        command: output::command(),
        requests: options.requests.get(),
        cpu_read_bytes_per_second,
        memory_without_matrix,
        targets: targets(&cases, cpu_read_bytes_per_second, device.is_none()),
        engine,
        cases,
    };
    let files = Files { page: options.page.as_deref(), json: options.json.as_deref() };
    output::tell(&page(&report), &report, &files)
}
