//! What pages of the documentation say in figures: `figures.md` has their tables, and a test of the
//! pages compares.

use he::{EncryptedScores, EncryptedVector, Group, Layout, ShardChoice};

const FIGURES: &str = include_str!("figures.md");

/// Fails unless the table below the heading has exactly these rows.
fn assert_table(heading: &str, expected: &[Vec<String>]) {
    let (_, section) = FIGURES.split_once(heading).expect("the heading");
    let table = section.trim_start().lines().take_while(|line| line.starts_with('|')).skip(2);
    let expected: Vec<_> = expected.iter().map(|row| format!("| {} |", row.join(" | "))).collect();
    assert_eq!(table.collect::<Vec<_>>(), expected, "{heading}: {}", expected.join("\n"));
}

#[test]
fn the_right_shard_is_asked_as_often_as_the_page_says() {
    let rows = [(16, 2), (64, 16)].map(|(shards, chosen)| {
        let part = 100.0 * f64::from(chosen) / f64::from(shards);
        let asked = [2.0, 3.0, 4.0].map(|epsilon| {
            let choice = ShardChoice::new(shards, chosen, epsilon).expect("a choice");
            format!("{:.2}", choice.inclusion())
        });
        let sizes = [format!("{shards}"), format!("{chosen}"), format!("{part} %")];
        [&sizes[..], &asked[..]].concat()
    });
    assert_table("## What a hint does\n", &rows);
}

/// The bytes of a query and its answer, in the group where they are fewest.
fn traffic(rows: usize, columns: usize) -> usize {
    let of = |group| {
        let layout = Layout::scores(group);
        EncryptedVector::wire_len_in(columns, layout) + EncryptedScores::wire_len_in(rows, layout)
    };
    Group::ALL.into_iter().map(of).min().expect("a group")
}

#[test]
fn a_download_costs_as_many_queries_as_the_page_says() {
    let rows = [(100_000, 384), (1_000_000, 384)].map(|(rows, columns)| {
        let (download, query) = ((rows * columns) as f64, traffic(rows, columns) as f64);
        let megabytes = [download, query].map(|bytes| format!("{:.1}", bytes / 1e6));
        let queries = format!("{:.0}", download / query);
        [&[format!("{rows} × {columns}")], &megabytes[..], &[queries]].concat()
    });
    assert_table("## Compared with downloading the matrix\n", &rows);
}
