//! Results as they lie on the disk.

use std::path::Path;
use std::{fs, io};

use super::criterion::{self, FILES};
use super::figure::Figure;
use super::pytest::{self, Python};
use super::refusal::Refusal;

/// Where criterion keeps the last run of a benchmark.
const LAST: &str = "new";

/// All that criterion left in a folder; nothing where there is none.
pub(crate) fn of_criterion(folder: &Path) -> Result<Vec<Figure>, Refusal> {
    let mut figures = Vec::new();
    if folder.exists() {
        collect(folder, &mut figures)?;
    }
    Ok(figures)
}

fn collect(folder: &Path, figures: &mut Vec<Figure>) -> Result<(), Refusal> {
    let unreadable = |source| unreadable(folder, source);
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        if !entry.file_type().map_err(unreadable)?.is_dir() {
            continue;
        }
        let inside = entry.path();
        if entry.file_name() == LAST && inside.join(FILES[0]).exists() {
            figures.push(figure(&inside)?);
        } else {
            collect(&inside, figures)?;
        }
    }
    Ok(())
}

fn figure(folder: &Path) -> Result<Figure, Refusal> {
    let [benchmark, estimates, sample] = FILES.map(|name| read(&folder.join(name)));
    criterion::figure(&[benchmark?, estimates?, sample?])
        .map_err(|(name, reason)| malformed(&folder.join(name), reason))
}

/// What pytest-benchmark left in a file.
pub(crate) fn of_pytest(file: &Path) -> Result<(Python, Vec<Figure>), Refusal> {
    pytest::figures(&read(file)?).map_err(|reason| malformed(file, reason))
}

fn read(file: &Path) -> Result<String, Refusal> {
    fs::read_to_string(file).map_err(|source| unreadable(file, source))
}

fn unreadable(file: &Path, source: io::Error) -> Refusal {
    Refusal::Read { file: file.display().to_string(), source }
}

fn malformed(file: &Path, reason: String) -> Refusal {
    Refusal::Malformed { file: file.display().to_string(), reason }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;
    use ::criterion::{Criterion, Throughput};
    use std::time::Duration;

    /// What criterion itself leaves of two benchmarks, one of which is called as its folder of results.
    fn measured(folder: &Path) {
        let mut criterion = Criterion::default()
            .without_plots()
            .sample_size(10)
            .nresamples(1000)
            .warm_up_time(Duration::from_millis(1))
            .measurement_time(Duration::from_millis(10))
            .output_directory(folder);
        let mut group = criterion.benchmark_group("new");
        group.throughput(Throughput::Elements(1000));
        group.bench_function("sum", |bencher| bencher.iter(|| (0..1000_u64).sum::<u64>()));
        group.finish();
        criterion.bench_function("alone", |bencher| bencher.iter(|| vec![0_u8; 1000]));
    }

    #[test]
    fn what_criterion_leaves_is_read_and_a_file_less_is_a_refusal_that_names_it() {
        let scratch = Scratch::new("results").unwrap();
        let folder = scratch.path();
        measured(folder);
        let mut figures = of_criterion(folder).unwrap();
        figures.sort_by(|a, b| a.name.cmp(&b.name));
        let names: Vec<&str> = figures.iter().map(|figure| figure.name.as_str()).collect();
        assert_eq!(names, ["alone", "new/sum"]);
        assert_eq!((figures[1].samples, figures[0].throughput), (10, None));
        assert_eq!(figures[1].throughput.map(|throughput| throughput.count), Some(1000));

        fs::remove_file(folder.join("alone/new/sample.json")).unwrap();
        let refused = of_criterion(folder).unwrap_err().to_string();
        assert!(refused.contains("alone/new/sample.json: "), "{refused}");
        fs::write(folder.join("alone/new/sample.json"), "{}").unwrap();
        let refused = of_criterion(folder).unwrap_err().to_string();
        assert!(
            refused.contains("sample.json is not what it has to be: missing field"),
            "{refused}"
        );
    }

    #[test]
    fn nothing_is_read_where_nothing_lies() {
        let scratch = Scratch::new("nothing").unwrap();
        assert_eq!(of_criterion(scratch.path()).unwrap(), []);
        let missing = scratch.path().join("missing");
        assert_eq!(of_criterion(&missing).unwrap(), []);
        let refused = of_pytest(&missing).unwrap_err().to_string();
        assert!(refused.starts_with("cannot read ") && refused.contains("missing: "), "{refused}");
    }

    #[test]
    fn a_report_of_pytest_that_was_cut_is_a_refusal_that_names_it() {
        let scratch = Scratch::new("cut").unwrap();
        let file = scratch.path().join("report.json");
        fs::write(&file, "{\"benchmarks\": [").unwrap();
        let refused = of_pytest(&file).unwrap_err().to_string();
        assert!(refused.contains("report.json is not what it has to be: EOF"), "{refused}");
    }
}
