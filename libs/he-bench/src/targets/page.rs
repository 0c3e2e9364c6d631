//! Targets as a section of a page.

use std::fmt::Write as _;

use super::Target;
use super::findings::finding;
use crate::fingerprint::Fingerprint;

/// A row for each target, and a paragraph for each goal that is missed.
pub(crate) fn targets_page(targets: &[Target], machine: &Fingerprint) -> String {
    let mut text =
        "## Targets\n\n| | case | measured | target | |\n| --- | --- | --: | --: | --- |\n"
            .to_owned();
    for target in targets {
        let measured =
            target.measured.map_or_else(|| "not told".to_owned(), |value| format!("{value:.2}"));
        let goal = target.goal;
        let sign = if goal.at_most { "≤" } else { "≥" };
        let met = if target.met { "met" } else { "**missed**" };
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "| {} | {} | {measured} | {sign} {} | {met} |",
            goal.name, target.case, goal.limit
        );
    }
    text + &reasons(targets, machine)
}

fn reasons(targets: &[Target], machine: &Fingerprint) -> String {
    let mut text = String::new();
    let mut missed: Vec<&Target> = targets.iter().filter(|target| !target.met).collect();
    while let Some(first) = missed.first().copied() {
        let (same, others): (Vec<_>, Vec<_>) =
            missed.into_iter().partition(|target| target.goal == first.goal);
        let cases: Vec<&str> = same.iter().map(|target| target.case.as_str()).collect();
        let (name, cases) = (first.goal.name, cases.join(", "));
        let why = finding(first.goal, machine).map_or_else(
            || "Not looked into on a machine of this kind.".to_owned(),
            |finding| {
                format!(
                    "Looked into on a machine of this kind at `{}`: {}",
                    finding.commit, finding.text
                )
            },
        );
        // Writing to a string cannot fail.
        let _ = writeln!(text, "\nMissed: **{name}** ({cases}). {why}");
        missed = others;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fingerprint::tests::machine;
    use crate::targets::findings::tests::looked_into;
    use crate::targets::{FHE_MATH, MEMORY, PARSE};

    fn some() -> Vec<Target> {
        vec![
            Target::new("small", &MEMORY, Some(1.5)),
            Target::new("small", &FHE_MATH, Some(2.0)),
            Target::new("large", &MEMORY, Some(1.25)),
            Target::new("large", &PARSE, None),
        ]
    }

    #[test]
    fn every_target_is_on_the_page_as_met_or_missed() {
        let text = targets_page(&some(), &looked_into());
        for row in [
            "| memory of the server, times the encoded matrix | small | 1.50 | ≤ 1.15 | **missed** |",
            "| multiply-accumulate, times fhe-math | small | 2.00 | ≥ 1.55 | met |",
            "| memory of the server, times the encoded matrix | large | 1.25 | ≤ 1.15 | **missed** |",
            "| parse of a query, ms | large | not told | ≤ 1.3 | **missed** |",
        ] {
            assert!(text.contains(row), "{text}");
        }
    }

    #[test]
    fn a_missed_goal_has_one_paragraph_with_what_was_found_on_such_a_machine() {
        let missed =
            "\nMissed: **memory of the server, times the encoded matrix** (small, large). ";
        let text = targets_page(&some(), &looked_into());
        let found = format!("{missed}Looked into on a machine of this kind at `");
        assert!(text.contains(&found), "{text}");
        assert!(!text.contains("Missed: **multiply-accumulate, times fhe-math**"));
        let text = targets_page(&some(), &machine("another", 2));
        assert!(text.contains(&format!("{missed}Not looked into on a machine of this kind.\n")));
    }
}
