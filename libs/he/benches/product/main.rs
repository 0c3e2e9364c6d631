//! What a server does with a request, step by step: `nx bench he`.
//!
//! No key is here, so the messages have an arbitrary body; the arithmetic takes as long for any.
//! Where the benches run as tests, they do the smallest cases once.

mod apply;
mod message;
mod wire;

use std::time::Duration;

use criterion::Criterion;

/// A matrix and how a vector is encrypted for it.
#[derive(Clone, Copy)]
pub(crate) struct Case {
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    pub(crate) layout: he::Layout,
}

impl Case {
    pub(crate) fn name(self) -> String {
        let Self { rows, columns, layout } = self;
        format!("{rows}x{columns}/{}/g={}", layout.content, layout.group.entries())
    }
}

fn main() {
    let complete = std::env::args().any(|argument| argument == "--bench");
    let mut criterion = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(3))
        .configure_from_args();
    apply::bench(&mut criterion, complete);
    wire::bench(&mut criterion, complete);
    criterion.final_summary();
}
