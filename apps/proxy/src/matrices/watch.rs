//! Looking at the manifests again: every few seconds, and at SIGHUP.

use std::future::pending;
use std::io;
use std::time::Duration;

use tokio::task::spawn_blocking;
use tokio::time::sleep;

use super::Outcome;
use super::hangup::Hangup;

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

    /// Goes on for ever, whatever panics. `look` is asked for all, or for what has changed; `loaded`
    /// is called after new versions are served, and where nobody can tell whether some are.
    pub(crate) async fn run(
        mut self,
        look: impl Fn(bool) -> Vec<Outcome> + Clone + Send + 'static,
        loaded: impl Fn() + Clone + Send + 'static,
    ) {
        loop {
            let all = tokio::select! {
                _ = self.hangup.next() => true,
                () = wait(self.interval) => false,
            };
            let look = look.clone();
            let outcomes = aside(move || look(all)).await;
            match &outcomes {
                Some(outcomes) => outcomes.iter().for_each(report),
                None => count("refused"),
            }
            let is_new = |outcome: &Outcome| matches!(outcome, Outcome::Loaded(_));
            if outcomes.is_none_or(|outcomes| outcomes.iter().any(is_new)) {
                aside(loaded.clone()).await;
            }
        }
    }
}

/// What `work` gives, on a thread that no connection waits for; none if it panics.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let done = spawn_blocking(work).await;
    if done.is_err() {
        // The words of a panic may quote a file; the hook of the log has noted its place.
        tracing::error!("a look at the matrices has not come to its end");
    }
    done.ok()
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
    count(result);
}

fn count(result: &'static str) {
    metrics::counter!("hlp_matrix_reloads_total", "result" => result).increment(1);
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use he::{Backend, Engine};
    use metrics_exporter_prometheus::PrometheusBuilder;
    use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
    use tokio::time::timeout;

    use super::*;
    use crate::matrices::sample;

    /// Waits for a call, but not for ever.
    async fn called(calls: &mut UnboundedReceiver<()>) -> Option<()> {
        timeout(Duration::from_secs(30), calls.recv()).await.expect("it is called in time")
    }

    #[tokio::test]
    async fn what_panics_after_a_new_version_does_not_end_the_watch() {
        let matrix = Arc::new(sample::load(&Engine::open(Backend::Cpu).unwrap()).unwrap());
        let look = move |_all| vec![Outcome::Loaded(Arc::clone(&matrix))];
        let (calls, mut received) = unbounded_channel();
        let loaded = move || {
            calls.send(()).expect("somebody waits");
            panic!("it fails after each new version");
        };
        let watching = tokio::spawn(Watch::new(1).unwrap().run(look, loaded));
        for _ in 1..=2 {
            assert_eq!(called(&mut received).await, Some(()));
        }
        watching.abort();
    }

    #[tokio::test]
    async fn a_look_that_panics_may_have_served_something_and_is_counted() {
        let recorder = PrometheusBuilder::new().build_recorder();
        let metrics = recorder.handle();
        // The runtime of the test has one thread, which is the one that counts.
        let _recorder = metrics::set_default_local_recorder(&recorder);
        let (calls, mut received) = unbounded_channel();
        let look = |_all| -> Vec<Outcome> { panic!("it fails at each look") };
        let loaded = move || calls.send(()).expect("somebody waits");
        let watching = tokio::spawn(Watch::new(1).unwrap().run(look, loaded));
        assert_eq!(called(&mut received).await, Some(()));
        watching.abort();
        let text = metrics.render();
        assert!(text.contains("hlp_matrix_reloads_total{result=\"refused\"} 1\n"), "{text}");
    }
}
