//! The command, as somebody types it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn run(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_he-bench"));
    command.args(arguments).env("HE_BENCH_COMMIT", "abc123").output().expect("it runs")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("it speaks UTF-8")
}

/// A file that is removed in the end, whether it was written or not.
struct File(PathBuf);

impl File {
    fn new(name: &str) -> Self {
        let name = format!("{}-{name}", std::process::id());
        Self(Path::new(env!("CARGO_TARGET_TMPDIR")).join(name))
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

#[test]
fn a_small_case_is_reported_to_read_and_as_json_with_where_it_was_measured() {
    let (json, page) = (File::new("report.json"), File::new("report.md"));
    let [file, page_file] = [&json, &page].map(|file| file.0.to_str().expect("the path is text"));
    let arguments = ["--backend", "cpu", "--case", "3x2/32", "--repeats", "2", "--json", file];

    let output = run(&[&arguments[..], &["--page", page_file]].concat());

    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(stderr(&output), "3x2/32: timed\n");
    let text = String::from_utf8(output.stdout).expect("it speaks UTF-8");
    assert!(text.contains("\n3x2/32 (0 MB)\n") && text.contains("CPU multiply "), "{text}");
    let report: Value = serde_json::from_slice(&fs::read(&json.0).expect("it is written"))
        .expect("the report is JSON");
    assert_eq!(report["machine"]["commit"], "abc123");
    assert!(report["machine"]["cores"].as_u64().is_some_and(|cores| cores > 0), "{report}");
    let [case] = &report["cases"].as_array().expect("there are cases")[..] else {
        panic!("one case was asked for: {report}");
    };
    assert_eq!((&case["case"], &case["entries"]), (&"3x2/32".into(), &6.into()));
    assert_eq!(case["cpu"]["multiply"]["runs"], 2);
    assert!(case["cpu"]["multiply"]["min_ms"].as_f64().is_some_and(|time| time > 0.0), "{case}");
    assert_eq!(case["cuda"], serde_json::json!([]));
    let page = fs::read_to_string(&page.0).expect("it is written");
    assert!(page.starts_with("# The encrypted product, on the CPU\n"), "{page}");
    assert!(
        page.contains("| compiler, commit | ") && page.contains(", commit abc123 |\n"),
        "{page}"
    );
    assert!(page.contains("\n| 3x2/32 | ") && !page.contains("## On the device"), "{page}");
    assert!(page.contains("\n| multiply-accumulate, times fhe-math | 3x2/32 | "), "{page}");
}

#[test]
fn cuda_is_timed_or_the_machine_has_none_and_nothing_is_reported() {
    let output = run(&["--backend", "cuda", "--case", "3x2/32", "--repeats", "1"]);
    match he::Engine::open(he::Backend::Cuda) {
        Ok(_) => assert!(output.status.success(), "{}", stderr(&output)),
        Err(error) => {
            assert_eq!(output.status.code(), Some(6));
            assert!(output.stdout.is_empty());
            let hint = "use --backend cpu, or a machine with an NVIDIA driver and NVRTC";
            assert_eq!(stderr(&output), format!("error: {error}\n\nhint: {hint}\n"));
        }
    }
}

#[test]
fn benches_are_run_anew_and_told_with_what_they_were_built_from() {
    let (page, json) = (File::new("benches.md"), File::new("benches.json"));
    let [page_file, json_file] = [&page, &json].map(|file| file.0.to_str().expect("text"));
    let only = ["benches", "--suite", "he-client", "--only", "generate", "--profile", "dev"];

    let output = run(&[&only[..], &["--page", page_file, "--json", json_file]].concat());

    assert!(output.status.success(), "{}", stderr(&output));
    let text = String::from_utf8(output.stdout).expect("it speaks UTF-8");
    assert_eq!(fs::read_to_string(&page.0).expect("it is written"), text);
    assert!(
        text.contains(" Benchmarks: 1, measured in ") && text.contains("\n| `generate` | "),
        "{text}"
    );
    assert!(text.contains("built with the profile `dev`"), "{text}");
    let report: Value = serde_json::from_slice(&fs::read(&json.0).expect("it is written"))
        .expect("the report is JSON");
    assert!(report["machine"]["rustc"].as_str().is_some_and(|it| it.starts_with("rustc ")));
    let suites = &report["suites"];
    assert_eq!(suites[0]["suite"], "he-client");
    let figure = &suites[0]["figures"][0];
    assert_eq!((&figure["name"], &figure["samples"]), (&"generate".into(), &20.into()));
    assert!(figure["median_ms"].as_f64().is_some_and(|time| time > 0.0), "{figure}");
    assert_eq!(report["targets"], serde_json::json!([]));
}

#[test]
fn benches_that_are_not_there_or_do_not_run_are_refused_and_nothing_is_written() {
    let page = File::new("refused.md");
    let file = page.0.to_str().expect("text");
    for (words, refusal) in [
        (
            ["--only", "no-such-name", "--profile", "dev"],
            "error: he-client has no such benchmark\n",
        ),
        (
            ["--only", "generate", "--profile", "no-such-profile"],
            "did not end well: exit status: 101",
        ),
    ] {
        let output =
            run(&[&["benches", "--suite", "he-client", "--page", file], &words[..]].concat());
        assert_eq!(output.status.code(), Some(3));
        assert!(output.stdout.is_empty() && !page.0.exists());
        assert!(stderr(&output).contains(refusal), "{}", stderr(&output));
    }
}
