//! The report as a page of the documentation.

use std::fmt::Write as _;

use super::load::LoadReport;
use super::measure::REST;
use super::report::{HttpCase, HttpReport};
use crate::targets::targets_page;

/// Lines for which the break-even is told, in megabits per second.
const LINES: [f64; 3] = [10.0, 100.0, 1000.0];

/// The whole page.
pub(crate) fn page(report: &HttpReport) -> String {
    let mut text = head(report);
    text += &targets_page(&report.targets, &report.machine);
    for case in &report.cases {
        text += &section(case, &report.engine);
    }
    text
}

fn head(report: &HttpReport) -> String {
    let unknown = || "unknown".to_owned();
    let gpu = report.machine.gpu.as_ref();
    let device = gpu.map_or_else(String::new, |gpu| format!(" on an {}", gpu.name));
    format!(
        "# The proxy over HTTP{device}, beside a download\n\n\
         Made by `{}`. Nothing in it is written by hand but the reasons for missed targets, which are told \
         on the kind of machine on which they were looked into and kept in \
         `libs/he-bench/src/targets/findings.rs`.\n\n\
         Clients and server share the machine and talk over loop-back. One client: every answer was \
         decrypted and compared with the plain product, and each request to a server of one thread was \
         timed in turn with the same product in the process of the benchmark, and with as many bytes to \
         and from a server that computes nothing. A case of records is a private fetch of one of them, \
         which was compared with that record. Several clients: each sends its next request \
         when it has an answer, {} requests in all.\n\n\
         - {}; load average before: {}\n{}\
         - one core reads {:.1} GB/s; {}{}\n\
         - the server without a matrix of its own takes {} of memory\n\n",
        report.command,
        report.requests,
        report.machine.processor(),
        report.load_average.clone().unwrap_or_else(unknown),
        gpu.map_or_else(String::new, |gpu| format!("- {gpu}\n")),
        report.cpu_read_bytes_per_second / 1e9,
        report.machine.build(),
        if cfg!(debug_assertions) { "; **not optimized: the figures mean nothing**" } else { "" },
        report.memory_without_matrix.map_or_else(unknown, |memory| {
            format!("{:.1} MB", memory.resident_bytes as f64 / 1e6)
        }),
    )
}

fn section(case: &HttpCase, engine: &str) -> String {
    let mut text = format!("\n## {}\n\n", title(&case.case));
    let megabytes = |bytes: usize| bytes as f64 / 1e6;
    let over_http = format!("the same over HTTP, one client, a server of one thread ({engine})");
    line(&mut text, "| | median ms | fastest | spread |\n| --- | --: | --: | --: |");
    for (name, summary) in [
        ("generate a key", &case.key),
        ("encrypt", &case.encrypt),
        ("product on one core, from bytes to bytes", &case.apply),
        (over_http.as_str(), &case.http),
        ("as many bytes to and from a server that computes nothing", &case.bare),
        ("decrypt", &case.decrypt),
    ] {
        let (median, min, spread) = (summary.median_ms, summary.min_ms, summary.spread * 100.0);
        line(&mut text, &format!("| {name} | {median:.3} | {min:.3} | {spread:.0} % |"));
    }
    if let Some(mean) = case.product_in_server_ms {
        line(
            &mut text,
            &format!("\nBy the clock of the server a product took {mean:.3} ms at the mean."),
        );
    }
    line(
        &mut text,
        &format!(
            "\nThe multiply-accumulate does {:.2} G entries/s on one core ({}), which reads {:.1} GB/s of \
             the matrix, at {:.2} times the rate of fhe-math. With the instructions that every processor \
             has it takes {:.2} times as long.",
            case.cpu.entries_per_second / 1e9,
            case.cpu.instructions,
            case.cpu.matrix_bytes_per_second / 1e9,
            case.cpu.times_fhe_math,
            case.cpu.multiply_portable.median_ms / case.cpu.multiply.median_ms
        ),
    );
    let (request, response) = (megabytes(case.request_bytes), megabytes(case.response_bytes));
    line(
        &mut text,
        &format!("\nA query is {request:.3} MB up and {response:.3} MB down. {}", memory(case)),
    );
    line(
        &mut text,
        "\n| clients | p50 ms | p99 ms | slowest | answers/s | answered | shed |\n| --: | --: | --: | --: | --: | --: | --: |",
    );
    for load in &case.loads {
        line(&mut text, &load_row(&load.clients.to_string(), load));
    }
    let short = &case.short_queue;
    let name = format!("{}, a queue of {}", short.load.clients, short.queue);
    line(&mut text, &load_row(&name, &short.load));
    text + &alternative(case)
}

/// A case in words.
fn title(case: &str) -> String {
    let (case, records) = match case.strip_suffix("/records") {
        Some(case) => (case, ", a private fetch of a record"),
        None => (case, ""),
    };
    case.replace('x', " × ").replace('/', ", groups of ") + records
}

fn load_row(name: &str, load: &LoadReport) -> String {
    let LoadReport { p50_ms, p99_ms, max_ms, answers_per_second, answered, shed, .. } = load;
    format!(
        "| {name} | {p50_ms:.1} | {p99_ms:.1} | {max_ms:.1} | {answers_per_second:.1} | {answered} | {shed} |"
    )
}

fn memory(case: &HttpCase) -> String {
    let encoded = case.matrix_bytes as f64 / 1e6;
    match (case.memory_before, case.memory_after) {
        (Some(before), Some(after)) => format!(
            "The encoded matrix is {encoded:.1} MB; the server has {:.1} MB when it is loaded, {:.1} MB \
             {} seconds after the loads, and had at most {:.1} MB.",
            before.resident_bytes as f64 / 1e6,
            after.resident_bytes as f64 / 1e6,
            REST.as_secs(),
            after.peak_bytes as f64 / 1e6,
        ),
        _ => format!(
            "The encoded matrix is {encoded:.1} MB; the system does not tell the server's memory."
        ),
    }
}

fn alternative(case: &HttpCase) -> String {
    let alternative = &case.alternative;
    let mut text = format!(
        "\n**The alternative.** The matrix is {:.1} MB to download ({:.1} ms over loop-back); a local \
         search then takes {:.3} ms and tells nobody anything. It costs fewer bytes from {} queries on. \
         It costs less time",
        alternative.download_bytes as f64 / 1e6,
        alternative.download_ms,
        alternative.search.median_ms,
        case.break_even_bytes(),
    );
    let lines = LINES.map(|megabits| match case.break_even_time(megabits * 1e6) {
        Some(queries) => format!("from {queries} queries on at {megabits} Mbit/s"),
        None => format!("never at {megabits} Mbit/s"),
    });
    line(&mut text, &format!(" {}.", lines.join(", ")));
    text
}

fn line(text: &mut String, line: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::report::tests::case;

    #[test]
    fn a_case_tells_its_loads_and_its_alternative() {
        let text = section(&case(), "CPU");
        assert!(text.starts_with("\n## 8192 × 384, groups of 4\n"));
        assert_eq!(title("5x6/4/records"), "5 × 6, groups of 4, a private fetch of a record");
        assert!(text.contains("| 1, a queue of 16 | 1.0 | 2.0 | 3.0 | 4.0 | 9 | 1 |"));
        assert!(text.contains("the system does not tell the server's memory"));
        assert!(text.contains("It costs fewer bytes from 10 queries on."));
    }
}
