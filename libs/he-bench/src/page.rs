//! The report as a page of the documentation.

use std::fmt::Write as _;

use crate::cpu::CpuTimes;
use crate::cuda::CudaTimes;
use crate::report::{CaseReport, Report};
use crate::statistics::Summary;
use crate::targets::targets_page;

/// The whole page.
pub(crate) fn page(report: &Report) -> String {
    let mut text = head(report);
    if report.cases.iter().any(|case| !case.cuda.is_empty()) {
        text += &on_the_device(&report.cases);
    }
    if report.cases.iter().any(|case| case.cpu.is_some()) {
        text += &on_one_core(&report.cases, report.cpu_read_bytes_per_second);
    }
    if !report.targets.is_empty() {
        text += "\n";
        text += &targets_page(&report.targets, &report.machine);
    }
    text
}

fn head(report: &Report) -> String {
    let machine = &report.machine;
    let (title, places) = match &machine.gpu {
        Some(gpu) => (format!(" and on an {}", gpu.name), "the CPU and the device"),
        None => (String::new(), "the CPU"),
    };
    let mut text = format!(
        "# The encrypted product, on the CPU{title}\n\n\
         Made by `{}`, after a stored request had its stored answer on {places}. Every product that was \
         timed has the same bytes on both. Times are milliseconds: the median of {} runs and, where there \
         is room, the fastest run and the distance between the quartiles as a part of the median.\n\n\
         | | |\n| --- | --- |\n",
        report.command, report.repeats,
    );
    let unknown = || "not told".to_owned();
    if let Some(gpu) = &machine.gpu {
        row(&mut text, &["GPU", &gpu.to_string()]);
        let told = |clock: &Option<String>| clock.clone().unwrap_or_else(unknown);
        let (sm, max, memory) =
            (told(&gpu.sm_clock), told(&gpu.max_sm_clock), told(&gpu.memory_clock));
        row(&mut text, &["clocks", &format!("{sm} of {max}, memory {memory}")]);
    }
    if let Some(copy) = report.device_copy_bytes_per_second {
        let copy = format!("{:.0} GB/s, bytes read and written", copy / 1e9);
        row(&mut text, &["a copy on the device", &copy]);
    }
    if let Some(bytes) = report.device_memory_high_water {
        let most = format!("{:.2} GB, by the largest case", bytes as f64 / 1e9);
        row(&mut text, &["most device memory in use", &most]);
    }
    let read = format!("{:.1} GB/s", report.cpu_read_bytes_per_second / 1e9);
    let load = report.load_average.clone().unwrap_or_else(unknown);
    for cells in [
        ["CPU", &machine.processor()],
        ["one core reads", &read],
        ["load average before", &load],
        ["compiler, commit", &machine.build()],
    ] {
        row(&mut text, &cells);
    }
    text
}

fn on_the_device(cases: &[CaseReport]) -> String {
    let mut text = "\n## On the device\n\nOne query, and some that are computed together. The number \
        behind the stroke is that of the entries in a ciphertext. *Of the copy*: the bytes of the matrix \
        by the time of the kernels, as a part of what a copy moves. Seeds are expanded on the CPU.\n\n\
        | case | queries | kernels | of the copy | G entries/s | seeds | upload | download | end to end |\n\
        | --- | --: | --: | --: | --: | --: | --: | --: | --: |\n"
        .to_owned();
    for case in cases {
        for cuda in &case.cuda {
            let CudaTimes { kernel, expand, upload, download, end_to_end, .. } = cuda;
            row(
                &mut text,
                &[
                    &case.case,
                    &cuda.queries.to_string(),
                    &whole(kernel),
                    &format!("{:.2}", cuda.part_of_copy_bandwidth),
                    &format!("{:.1}", cuda.entries_per_second / 1e9),
                    &median(expand),
                    &median(upload),
                    &median(download),
                    &whole(end_to_end),
                ],
            );
        }
    }
    text
}

fn on_one_core(cases: &[CaseReport], read: f64) -> String {
    let mut text = "\n## On one core\n\n*Times fhe-math*: its dot product for the same case, timed in turn \
        with ours. *Of the read bandwidth*: the bytes of the matrix by the time of the \
        multiply-accumulate, as a part of what one core reads. *Portable*: the multiply-accumulate with \
        the instructions that every processor has.\n\n\
        | case | multiply-accumulate | G entries/s | times fhe-math | of the read bandwidth | portable | \
        all cores | parse | seeds | arrange | scale |\n\
        | --- | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: |\n"
        .to_owned();
    for (case, cpu) in cases.iter().filter_map(|case| Some((case, case.cpu.as_ref()?))) {
        let CpuTimes { parse, expand, arrange, multiply, scale, .. } = cpu;
        row(
            &mut text,
            &[
                &case.case,
                &whole(multiply),
                &format!("{:.2}", cpu.entries_per_second / 1e9),
                &format!("{:.2}", cpu.times_fhe_math),
                &format!("{:.2}", cpu.matrix_bytes_per_second / read),
                &median(&cpu.multiply_portable),
                &median(&cpu.multiply_all_cores),
                &median(parse),
                &median(expand),
                &median(arrange),
                &median(scale),
            ],
        );
    }
    let mut with: Vec<&str> = Vec::new();
    for cpu in cases.iter().filter_map(|case| case.cpu.as_ref()) {
        if !with.contains(&cpu.instructions.as_str()) {
            with.push(&cpu.instructions);
        }
    }
    // Writing to a string cannot fail.
    let _ = writeln!(text, "\nThe multiply-accumulate is computed with {}.", with.join(" and "));
    text
}

fn row(text: &mut String, cells: &[&str]) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "| {} |", cells.join(" | "));
}

fn median(summary: &Summary) -> String {
    format!("{:.3}", summary.median_ms)
}

fn whole(summary: &Summary) -> String {
    let Summary { median_ms, min_ms, spread, .. } = summary;
    format!("{median_ms:.3} ({min_ms:.3}, {:.0} %)", spread * 100.0)
}
