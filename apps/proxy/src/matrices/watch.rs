//! Looking at the manifests again: every few seconds, and at SIGHUP.

use std::future::pending;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::spawn_blocking;
use tokio::time::sleep;

use super::hangup::Hangup;
use super::{Catalogue, Outcome};

/// The handler of SIGHUP is in place when there is one of these.
#[derive(Debug)]
pub(crate) struct Watch {
    hangup: Hangup,
    /// Without it only the signal counts.
    interval: Option<Duration>,
}

impl Watch {
    /// Looks every `seconds`, or with 0 at the signal only.
    pub(crate) fn new(seconds: u64) -> io::Result<Self> {
        let interval = Some(Duration::from_secs(seconds)).filter(|interval| !interval.is_zero());
        Ok(Self { hangup: Hangup::listen()?, interval })
    }

    /// Goes on for ever; `loaded` is called after new versions are served.
    pub(crate) async fn run(mut self, catalogue: Arc<Catalogue>, loaded: impl Fn()) {
        loop {
            let all = tokio::select! {
                _ = self.hangup.next() => true,
                () = wait(self.interval) => false,
            };
            let catalogue = Arc::clone(&catalogue);
            let outcomes = spawn_blocking(move || catalogue.refresh(all)).await;
            let outcomes = outcomes.unwrap_or_else(|_| {
                // The words of a panic may quote a file; the hook of the log has noted its place.
                tracing::error!("the matrices could not be looked at");
                Vec::new()
            });
            outcomes.iter().for_each(report);
            if outcomes.iter().any(|outcome| matches!(outcome, Outcome::Loaded(_))) {
                loaded();
            }
        }
    }
}

async fn wait(interval: Option<Duration>) {
    match interval {
        Some(interval) => sleep(interval).await,
        None => pending().await,
    }
}

fn report(outcome: &Outcome) {
    let result = match outcome {
        Outcome::Loaded(matrix) => {
            tracing::info!(
                matrix = matrix.name,
                version = matrix.version,
                generation = matrix.generation,
                "a new version is served"
            );
            "loaded"
        }
        Outcome::Same => "same",
        Outcome::Refused(error) => {
            let hint = error.hint();
            tracing::error!(%error, hint, "the old version of a matrix is still served");
            "refused"
        }
    };
    metrics::counter!("hlp_matrix_reloads_total", "result" => result).increment(1);
}
