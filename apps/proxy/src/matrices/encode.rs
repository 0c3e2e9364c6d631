//! From the rows of a file to matrices at the place where they are multiplied.

use std::num::NonZeroUsize;

use he::{Engine, Layout, Matrix};

use super::entries::Rule;
use super::error::Reason;
use super::manifest::Manifest;
use super::served::Part;
use super::source::Source;

/// Where rows go, and what is done to them on their way.
pub(super) struct Encoder<'a> {
    rule: Rule,
    layout: Layout,
    engine: &'a Engine,
    threads: NonZeroUsize,
}

impl<'a> Encoder<'a> {
    pub(super) fn new(
        content: &Manifest,
        engine: &'a Engine,
        threads: NonZeroUsize,
    ) -> Result<Self, Reason> {
        let rule = match content.layout()?.content {
            he::Content::Scores => Rule::scores(content.scale),
            he::Content::Records => Rule::bytes(),
        };
        Ok(Self { rule, layout: content.layout()?, engine, threads })
    }

    /// One part for each of these numbers of rows, which sum to all rows. The entries of one part
    /// at a time are in memory beside what is kept.
    pub(super) fn parts(&self, source: &mut Source, rows: &[usize]) -> Result<Vec<Part>, Reason> {
        let mut start = 0;
        let mut parts = Vec::with_capacity(rows.len());
        for rows in rows {
            let entries = source.next_rows(*rows, &self.rule)?;
            parts.push(self.part(&entries, source.columns()).map_err(|error| place(error, start))?);
            start += rows;
        }
        Ok(parts)
    }

    fn part(&self, entries: &[i32], columns: usize) -> Result<Part, Failure> {
        let encode = || Matrix::from_values(entries, columns, self.layout, self.threads);
        let matrix = encode().map_err(|error| (error, self.layout))?;
        let (rows, log2_failure) = (matrix.rows(), matrix.log2_failure());
        let matrix = self.engine.load(matrix).map_err(|error| (error, self.layout))?;
        Ok(Part::new(matrix, rows, self.layout, log2_failure))
    }
}

type Failure = (he::Error, Layout);

/// Says which rows of the file it is about.
fn place((error, layout): Failure, start: usize) -> Reason {
    match error {
        he::Error::RowNorm { row, maximum } => Reason::Norm { row: start + row, maximum },
        he::Error::Noise { block, log2_failure } => {
            let row = start + block * layout.group.rows_per_block();
            Reason::Noise { row, log2_failure }
        }
        other => Reason::Refused(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_a_part_is_named_by_its_place_in_the_file() {
        let error = he::Error::RowNorm { row: 3, maximum: 724 };
        let reason = place((error, Layout::default()), 100).to_string();
        assert_eq!(reason, "row 103: its Euclidean norm exceeds 724");
    }

    #[test]
    fn a_block_with_too_much_noise_is_named_by_its_first_row() {
        let error = he::Error::Noise { block: 2, log2_failure: -31.0 };
        let reason = place((error, Layout::default()), 100).to_string();
        let expected = "row 228 and those behind it: a score would be wrong with probability \
                        2^-31.0; 2^-64 is allowed";
        assert_eq!(reason, expected);
    }
}
