//! What criterion lists and writes.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::figure::{Figure, Interval, Throughput, Unit, expect_time};

/// The files of one benchmark.
pub(crate) const FILES: [&str; 3] = ["benchmark.json", "estimates.json", "sample.json"];

const NANOSECONDS_IN_MS: f64 = 1e6;

#[derive(Deserialize)]
struct Benchmark {
    full_id: String,
    throughput: Option<Declared>,
}

#[derive(Deserialize)]
enum Declared {
    Bytes(u64),
    BytesDecimal(u64),
    Elements(u64),
}

#[derive(Deserialize)]
struct Estimates {
    median: Estimate,
}

#[derive(Deserialize)]
struct Estimate {
    confidence_interval: ConfidenceInterval,
    point_estimate: f64,
}

#[derive(Deserialize)]
struct ConfidenceInterval {
    confidence_level: f64,
    lower_bound: f64,
    upper_bound: f64,
}

#[derive(Deserialize)]
struct Sample {
    iters: Vec<f64>,
    times: Vec<f64>,
}

/// The names that `--list` prints.
pub(crate) fn listed(text: &str) -> Result<Vec<String>, String> {
    let name = |line: &str| {
        let name = line.strip_suffix(": benchmark");
        name.map(str::to_owned).ok_or_else(|| format!("\"{line}\" names no benchmark"))
    };
    text.lines().filter(|line| !line.is_empty()).map(name).collect()
}

/// A figure from the texts of its files, in the order of `FILES`; an error names the file.
pub(crate) fn figure(texts: &[String; 3]) -> Result<Figure, (&'static str, String)> {
    let [benchmark, estimates, sample] = FILES;
    let Benchmark { full_id, throughput } =
        read(&texts[0]).map_err(|reason| (benchmark, reason))?;
    let (median_ms, interval) = read(&texts[1])
        .and_then(|Estimates { median }| of_median(&median))
        .map_err(|reason| (estimates, reason))?;
    let measured = read::<Sample>(&texts[2]).and_then(|sample| of_sample(&sample));
    let (fastest_ms, samples, iterations) = measured.map_err(|reason| (sample, reason))?;
    Ok(Figure {
        name: full_id,
        median_ms,
        interval: Some(interval),
        fastest_ms,
        samples,
        iterations,
        throughput: throughput.map(|declared| of_declared(&declared, median_ms)),
    })
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

fn of_median(median: &Estimate) -> Result<(f64, Interval), String> {
    let ConfidenceInterval { confidence_level, lower_bound, upper_bound } =
        median.confidence_interval;
    let time = expect_time("the median", median.point_estimate)?;
    let from = expect_time("its lower bound", lower_bound)?;
    let to = expect_time("its upper bound", upper_bound)?;
    if !(from..=to).contains(&time) || !(0.0..=1.0).contains(&confidence_level) {
        return Err(format!(
            "{time} is outside of {from} to {to}, or {confidence_level} of 0 to 1"
        ));
    }
    let interval = Interval {
        confidence: confidence_level,
        from_ms: from / NANOSECONDS_IN_MS,
        to_ms: to / NANOSECONDS_IN_MS,
    };
    Ok((time / NANOSECONDS_IN_MS, interval))
}

fn of_sample(sample: &Sample) -> Result<(f64, usize, u64), String> {
    let Sample { iters, times } = sample;
    if iters.len() != times.len() || iters.is_empty() {
        return Err(format!("it has {} counts and {} times", iters.len(), times.len()));
    }
    let mut fastest = f64::INFINITY;
    for (count, time) in iters.iter().zip(times) {
        fastest = fastest.min(expect_time("a time of an iteration", time / count)?);
    }
    Ok((fastest / NANOSECONDS_IN_MS, times.len(), iters.iter().sum::<f64>() as u64))
}

fn of_declared(declared: &Declared, median_ms: f64) -> Throughput {
    let (unit, count) = match declared {
        Declared::Bytes(count) | Declared::BytesDecimal(count) => (Unit::Bytes, *count),
        Declared::Elements(count) => (Unit::Elements, *count),
    };
    Throughput { unit, count, per_second: count as f64 * 1000.0 / median_ms }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recorded() -> [String; 3] {
        [
            include_str!("../../tests/fixtures/criterion/benchmark.json"),
            include_str!("../../tests/fixtures/criterion/estimates.json"),
            include_str!("../../tests/fixtures/criterion/sample.json"),
        ]
        .map(str::to_owned)
    }

    #[test]
    fn a_figure_is_read_from_what_criterion_wrote() {
        let expected = Figure {
            name: "secret/encrypt/64x384/g=32".to_owned(),
            median_ms: 0.8214030225378787,
            interval: Some(Interval {
                confidence: 0.95,
                from_ms: 0.8165876450791855,
                to_ms: 0.8369167927579365,
            }),
            // The second sample: 36958617 ns for 48 iterations.
            fastest_ms: 36.958617 / 48.0,
            samples: 20,
            iterations: 5040,
            throughput: Some(Throughput { unit: Unit::Bytes, count: 126_346, per_second: 0.0 }),
        };
        let mut read = figure(&recorded()).unwrap();
        assert!((read.fastest_ms - expected.fastest_ms).abs() < 1e-9, "{read:?}");
        read.fastest_ms = expected.fastest_ms;
        let rate = read.throughput.as_mut().unwrap();
        assert!((rate.per_second / 153_817_306.0 - 1.0).abs() < 1e-6, "{rate:?}");
        rate.per_second = 0.0;
        assert_eq!(read, expected);
    }

    #[test]
    fn a_file_that_is_damaged_is_named_with_what_is_wrong() {
        for (file, from, to, reason) in [
            (0, "full_id", "id", "missing field `full_id`"),
            (0, "\"Bytes\"", "\"Bits\"", "unknown variant `Bits`"),
            (1, "\"median\"", "\"middle\"", "missing field `median`"),
            (1, "821403.0225378787", "-1.0", "the median is -1"),
            (1, "821403.0225378787", "null", "invalid type: null"),
            (1, "821403.0225378787", "9e9", "9000000000 is outside of"),
            (2, "[24.0,", "[", "it has 19 counts and 20 times"),
            (2, "[24.0,", "[0.0,", "a time of an iteration is inf"),
            (2, "394324458.0]", "394324458.0", "expected `,` or `]`"),
        ] {
            let mut texts = recorded();
            texts[file] = texts[file].replace(from, to);
            let (named, said) = figure(&texts).unwrap_err();
            assert_eq!(named, FILES[file]);
            assert!(said.contains(reason), "{said}");
        }
    }

    #[test]
    fn a_list_is_read_and_what_is_no_name_is_refused() {
        let list = "generate: benchmark\n\nsecret/encrypt/64x384: benchmark\n\n";
        assert_eq!(listed(list).unwrap(), ["generate", "secret/encrypt/64x384"]);
        assert_eq!(listed("").unwrap(), Vec::<String>::new());
        assert_eq!(
            listed("generate: test\n").unwrap_err(),
            "\"generate: test\" names no benchmark"
        );
    }
}
