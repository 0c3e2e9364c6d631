//! Everything that was measured over HTTP.

use serde::Serialize;

use super::alternative::Alternative;
use super::load::LoadReport;
use super::server::Memory;
use crate::cpu::CpuTimes;
use crate::fingerprint::Fingerprint;
use crate::statistics::Summary;
use crate::targets::Target;

/// The report of a run.
#[derive(Debug, Serialize)]
pub(crate) struct HttpReport {
    /// Counts up when a field changes its meaning.
    pub(crate) schema: u32,
    pub(crate) machine: Fingerprint,
    /// Load averages of one, five and fifteen minutes before the run; `None` where the system does
    /// not say.
    pub(crate) load_average: Option<String>,
    /// The words of the command.
    pub(crate) command: String,
    /// Where the server says that it computes.
    pub(crate) engine: String,
    pub(crate) requests: usize,
    pub(crate) cpu_read_bytes_per_second: f64,
    /// The server with the built-in sample, which is a few rows, before any request for a product.
    pub(crate) memory_without_matrix: Option<Memory>,
    pub(crate) cases: Vec<HttpCase>,
    pub(crate) targets: Vec<Target>,
}

/// What was measured for one case.
#[derive(Debug, Serialize)]
pub(crate) struct HttpCase {
    pub(crate) case: String,
    /// The encoded matrix.
    pub(crate) matrix_bytes: usize,
    pub(crate) request_bytes: usize,
    pub(crate) response_bytes: usize,
    /// Generation of a key.
    pub(crate) key: Summary,
    /// From a vector to the bytes of a request.
    pub(crate) encrypt: Summary,
    /// From the bytes of a response to scores.
    pub(crate) decrypt: Summary,
    /// The product in this process, from bytes to bytes, on one core.
    pub(crate) apply: Summary,
    /// The same over HTTP by one client, in turn with `apply`.
    pub(crate) http: Summary,
    /// As many bytes to and from a server that computes nothing, in turn with `http`.
    pub(crate) bare: Summary,
    /// The product by the clock of the server, over the same requests: the mean.
    pub(crate) product_in_server_ms: Option<f64>,
    pub(crate) loads: Vec<LoadReport>,
    pub(crate) short_queue: ShortQueue,
    /// When the matrix is loaded.
    pub(crate) memory_before: Option<Memory>,
    /// After all loads.
    pub(crate) memory_after: Option<Memory>,
    pub(crate) alternative: Alternative,
    /// The steps of the product on one core.
    pub(crate) cpu: CpuTimes,
}

/// A server whose queue is too short for its load.
#[derive(Debug, Serialize)]
pub(crate) struct ShortQueue {
    pub(crate) queue: usize,
    pub(crate) load: LoadReport,
}

impl HttpCase {
    /// What the server adds to the product, at the median.
    pub(crate) fn overhead_ms(&self) -> f64 {
        self.http.median_ms - self.apply.median_ms
    }

    /// Bytes on the line for one query.
    pub(crate) fn bytes_per_query(&self) -> usize {
        self.request_bytes + self.response_bytes
    }

    /// Queries from which on the download costs fewer bytes.
    pub(crate) fn break_even_bytes(&self) -> usize {
        self.alternative.download_bytes.div_ceil(self.bytes_per_query())
    }

    /// Queries from which on the download costs less time over a line of so many bits per second;
    /// `None` when it never does.
    pub(crate) fn break_even_time(&self, bits_per_second: f64) -> Option<f64> {
        let line = |bytes: usize| bytes as f64 * 8.0 / bits_per_second * 1000.0;
        let client = self.key.median_ms + self.encrypt.median_ms + self.decrypt.median_ms;
        let query = client + self.http.median_ms + line(self.bytes_per_query());
        let saved = query - self.alternative.search.median_ms;
        (saved > 0.0).then(|| (line(self.alternative.download_bytes) / saved).ceil())
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    fn milliseconds(median_ms: f64) -> Summary {
        Summary { median_ms, min_ms: median_ms, max_ms: median_ms, spread: 0.0, runs: 1 }
    }

    /// A query of 1 MB that takes 10 ms, and a matrix of 10 MB that is searched in 1 ms.
    pub(crate) fn case() -> HttpCase {
        let (none, one) = (milliseconds(0.0), milliseconds(1.0));
        let load = LoadReport {
            clients: 1,
            answered: 9,
            shed: 1,
            p50_ms: 1.0,
            p99_ms: 2.0,
            max_ms: 3.0,
            answers_per_second: 4.0,
        };
        let cpu = CpuTimes {
            parse: one,
            expand: one,
            arrange: one,
            multiply: one,
            instructions: "AVX-512 IFMA".to_owned(),
            multiply_portable: milliseconds(1.5),
            scale: one,
            multiply_all_cores: one,
            cores: 1,
            fhe_math: one,
            times_fhe_math: 2.0,
            entries_per_second: 1.0,
            matrix_bytes_per_second: 1e9,
        };
        HttpCase {
            case: "8192x384/4".to_owned(),
            matrix_bytes: 20_000_000,
            request_bytes: 900_000,
            response_bytes: 100_000,
            key: none,
            encrypt: none,
            decrypt: none,
            apply: milliseconds(8.5),
            http: milliseconds(10.0),
            bare: milliseconds(0.5),
            product_in_server_ms: Some(8.75),
            loads: vec![load.clone()],
            short_queue: ShortQueue { queue: 16, load },
            memory_before: None,
            memory_after: Some(Memory { resident_bytes: 30_000_000, peak_bytes: 40_000_000 }),
            alternative: Alternative { download_bytes: 10_000_000, download_ms: 1.0, search: one },
            cpu,
        }
    }

    #[test]
    fn the_break_even_is_where_so_many_queries_cost_what_the_download_costs() {
        let case = case();
        assert_eq!(case.break_even_bytes(), 10);
        // At 8 Mbit/s a query is 1000 ms on the line and 10 ms of work, and the download 10 s.
        assert_eq!(case.break_even_time(8e6), Some(10.0));
        // Without a limit of the line the download is free, and from the first query on.
        assert_eq!(case.break_even_time(f64::INFINITY), Some(0.0));
    }

    #[test]
    fn there_is_none_where_a_local_search_takes_longer_than_a_query() {
        let mut case = case();
        case.alternative.search = milliseconds(10_000.0);
        assert_eq!(case.break_even_time(8e6), None);
    }
}
