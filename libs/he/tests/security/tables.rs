//! The tables that `tables.md` holds, which the page about the parameters shows.

const TABLES: &str = include_str!("tables.md");

/// The lines of the first table below a heading, without its two lines of head.
fn rows(heading: &str) -> Vec<&'static str> {
    let mut lines = TABLES.lines().skip_while(|line| *line != heading);
    assert!(lines.next().is_some(), "there is no heading {heading:?}");
    let section = lines.take_while(|line| !line.starts_with('#'));
    let table = section.skip_while(|line| !line.starts_with('|'));
    table.take_while(|line| line.starts_with('|')).skip(2).collect()
}

/// Fails unless the first table below the heading has exactly these rows.
pub(crate) fn assert_table(heading: &str, expected: &[Vec<String>]) {
    let expected: Vec<String> =
        expected.iter().map(|cells| format!("| {} |", cells.join(" | "))).collect();
    let found = rows(heading);
    assert_eq!(found, expected, "{heading}: the table should say\n{}", expected.join("\n"));
}
