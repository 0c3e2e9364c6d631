//! The server as a process of its own.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use he::Backend;
use hyper::StatusCode;
use serde::{Deserialize, Serialize};

use super::client::Http;
use crate::failure::Failure;

/// How long a matrix may take to load.
const PATIENCE: Duration = Duration::from_secs(120);

/// A running server on a port that the system chose; it is killed when this is dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) http: Http,
    /// Where it says that it computes.
    pub(crate) engine: String,
}

/// What the server is told beside its matrix; the rest has the server's defaults.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    /// Where products are computed.
    pub(crate) backend: Backend,
    /// Cores that compute products.
    pub(crate) threads: Option<usize>,
    /// Products that may wait for a core.
    pub(crate) queue: Option<usize>,
}

impl Settings {
    pub(crate) fn new(backend: Backend) -> Self {
        Self { backend, threads: None, queue: None }
    }
}

/// What `/readyz` says that matters here.
#[derive(Deserialize)]
struct Ready {
    backend: String,
}

/// Memory of the server's process.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Memory {
    pub(crate) resident_bytes: u64,
    /// The most that it ever had, which includes the loading of the matrix.
    pub(crate) peak_bytes: u64,
}

impl Server {
    /// Starts the program over a manifest, or over its built-in sample, and waits until it is ready.
    pub(crate) async fn start(
        program: &Path,
        manifest: Option<&Path>,
        settings: Settings,
    ) -> Result<Self, Failure> {
        let failed =
            |reason: String| Failure::Server { program: program.display().to_string(), reason };
        let mut command = Command::new(program);
        command
            .args(["serve", "--listen", "127.0.0.1:0"])
            .env("HLP__LIMITS__REQUESTS_PER_MINUTE", "0")
            .env("HLP__LOG__LEVEL", "error")
            .env("HLP__SERVER__BACKEND", settings.backend.to_string())
            .stdout(Stdio::piped());
        if let Some(manifest) = manifest {
            command.arg("--matrix").arg(manifest);
        }
        for (key, value) in
            [("HLP__SERVER__THREADS", settings.threads), ("HLP__SERVER__QUEUE", settings.queue)]
        {
            command.envs(value.map(|value| (key, value.to_string())));
        }
        let mut child = command.spawn().map_err(|error| failed(error.to_string()))?;
        let mut line = String::new();
        if let Some(stdout) = child.stdout.take() {
            BufReader::new(stdout).read_line(&mut line)?;
        }
        let announced: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
        let Some(address) = announced["listening"].as_str() else {
            let _ = child.kill();
            return Err(failed(format!("its first line is {line:?}")));
        };
        let mut server = Self { child, http: Http::new(address), engine: String::new() };
        let start = Instant::now();
        loop {
            let (status, body) = server.http.get("/readyz").await?;
            if status == StatusCode::OK {
                let ready: Ready = serde_json::from_slice(&body)
                    .map_err(|error| failed(format!("/readyz: {error}")))?;
                server.engine = ready.backend;
                return Ok(server);
            }
            if start.elapsed() > PATIENCE {
                return Err(failed("it does not become ready".to_owned()));
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// How long its products took by its own clock, at the mean; `None` where it does not say.
    pub(crate) async fn product_ms(&self) -> Result<Option<f64>, Failure> {
        let (_, text) = self.http.get("/metrics").await?;
        Ok(mean_ms(&String::from_utf8_lossy(&text)))
    }

    /// What the system says of its memory; `None` where it does not say.
    pub(crate) fn memory(&self) -> Option<Memory> {
        let text = fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let kilobytes = |key: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(key))?;
            line.split_whitespace().next()?.parse::<u64>().ok()
        };
        let resident_bytes = kilobytes("VmRSS:")? * 1024;
        Some(Memory { resident_bytes, peak_bytes: kilobytes("VmHWM:")? * 1024 })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn mean_ms(metrics: &str) -> Option<f64> {
    let value = |name: &str| {
        let line = metrics.lines().find_map(|line| line.strip_prefix(name))?;
        line.trim().parse::<f64>().ok()
    };
    let (sum, count) = (value("hlp_apply_seconds_sum ")?, value("hlp_apply_seconds_count ")?);
    Some(sum / count * 1000.0).filter(|mean| mean.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_is_read_from_the_metrics() {
        let metrics = "# TYPE hlp_apply_seconds histogram\nhlp_apply_seconds_bucket{le=\"1\"} 4\n\
                       hlp_apply_seconds_sum 0.01\nhlp_apply_seconds_count 4\n";
        assert_eq!(mean_ms(metrics), Some(2.5));
        assert_eq!(mean_ms("hlp_apply_seconds_sum 0\nhlp_apply_seconds_count 0\n"), None);
        assert_eq!(mean_ms(""), None);
    }
}
