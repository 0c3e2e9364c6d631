//! Targets as a section of a page.

use std::fmt::Write as _;

use super::findings::finding;
use super::{Goal, Target};
use crate::fingerprint::Fingerprint;

/// A row for each target, and a paragraph for each goal that is missed.
pub(crate) fn targets_page(targets: &[Target], machine: &Fingerprint) -> String {
    let mut text =
        "## Targets\n\n| | case | measured | target | |\n| --- | --- | --: | --: | --- |\n"
            .to_owned();
    for target in targets {
        let goal = target.goal;
        let measured =
            target.measured.map_or_else(|| "not told".to_owned(), |value| rounded(value, goal));
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

/// Two digits behind the point, or as many as show on which side of the limit the figure is.
fn rounded(value: f64, goal: &Goal) -> String {
    let met = goal.is_met_by(value);
    let shows = |text: &String| text.parse().is_ok_and(|shown| goal.is_met_by(shown) == met);
    (2..=6)
        .map(|digits| format!("{value:.digits$}"))
        .find(shows)
        .unwrap_or_else(|| value.to_string())
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
    fn a_figure_that_misses_by_little_is_not_rounded_to_the_limit() {
        for (value, goal, shown) in [
            (1.1504, &MEMORY, "1.1504"),
            (1.149, &MEMORY, "1.15"),
            (1.546, &FHE_MATH, "1.546"),
            (1.554, &FHE_MATH, "1.55"),
            (1.15 + 1e-9, &MEMORY, "1.150000001"),
        ] {
            assert_eq!(rounded(value, goal), shown);
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
