//! The log: one line per event on standard error, written by a thread that no request waits for.

use std::io;
use std::panic::{self, Location};
use std::sync::OnceLock;

use metrics::counter;
use tracing::error;
use tracing::level_filters::LevelFilter;
use tracing_appender::non_blocking::{ErrorCounter, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{fmt, registry};

use super::EdgeError;
use crate::config::{Log, LogFormat};

/// Lines that wait for a reader of standard error; beyond them the newest are lost, and counted.
const MAX_WAITING: usize = 10_000;

static LOST: OnceLock<ErrorCounter> = OnceLock::new();

/// The thread that writes. When this is dropped, it has written what there is, or has had a second.
#[must_use = "without it nothing is written"]
pub(crate) struct Writer {
    _guard: WorkerGuard,
}

/// Puts the log of the process in place, and a hook that writes a panic into it. The level holds for
/// the server itself; libraries are heard from `warn` on.
pub(crate) fn install(log: &Log) -> Result<Writer, EdgeError> {
    let level: LevelFilter =
        log.level.parse().map_err(|_| EdgeError::LogLevel { level: log.level.clone() })?;
    let targets = Targets::new()
        .with_default(level.min(LevelFilter::WARN))
        .with_target(env!("CARGO_CRATE_NAME"), level);
    let registry = registry().with(targets);
    let lines = NonBlockingBuilder::default().lossy(true).buffered_lines_limit(MAX_WAITING);
    let (writer, guard) = lines.thread_name("log").finish(io::stderr());
    let lost = writer.error_counter();
    let layer = fmt::layer().with_writer(writer);
    let installed = match log.format {
        LogFormat::Json => registry
            .with(layer.json().flatten_event(true).with_current_span(true).with_span_list(false))
            .try_init(),
        LogFormat::Text => registry.with(layer.with_ansi(false)).try_init(),
    };
    // A second log in one process has no effect.
    if installed.is_ok() {
        LOST.get_or_init(|| lost);
    }
    #[cfg(feature = "otlp")]
    super::otlp::install()?;
    panic::set_hook(Box::new(|info| note(info.location())));
    Ok(Writer { _guard: guard })
}

/// Tells the metrics how many lines were lost, because nobody read them.
pub(crate) fn upkeep() {
    let lost = LOST.get().map_or(0, ErrorCounter::dropped_lines);
    counter!("hlp_log_lines_lost_total").absolute(lost as u64);
}

/// Counts a panic. It is told the place alone, which is enough to find the defect: the message may
/// quote what the server worked on.
fn note(place: Option<&Location<'_>>) {
    counter!("hlp_panics_total").increment(1);
    let place = place.map(ToString::to_string).unwrap_or_default();
    error!(place, "panic");
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;
    use crate::edge::alone::passed_alone;

    #[test]
    fn a_panic_is_noted_with_its_place_and_without_its_words() {
        let said = passed_alone("edge::log::tests::panics");
        let line = said.lines().find(|line| line.contains("\"message\":\"panic\"")).unwrap();
        assert!(line.contains("edge/log.rs:") && line.contains("\"level\":\"ERROR\""), "{said}");
        assert!(!said.contains("canary"), "{said}");
    }

    #[test]
    #[ignore = "the test before runs it in a process of its own, whose log it reads"]
    fn panics() {
        let _writer = install(&Log::default()).unwrap();
        let panicked = thread::spawn(|| panic!("canary of {}", "a panic")).join();
        assert!(panicked.is_err());
    }
}
