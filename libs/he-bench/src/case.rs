//! Sizes that are timed, with entries that are the same in every run.

use std::fmt;
use std::str::FromStr;

use he::{Content, Group, Layout, MAX_DIMENSION, MAX_ROWS};

/// A matrix by its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Case {
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    pub(crate) layout: Layout,
}

impl FromStr for Case {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (text, content) = match text.strip_suffix("/records") {
            Some(text) => (text, Content::Records),
            None => (text, Content::Scores),
        };
        let (size, group) = text.split_once('/').unwrap_or((text, "4"));
        let (rows, columns) = size
            .split_once('x')
            .ok_or("a case is ROWSxCOLUMNS, ROWSxCOLUMNS/GROUP or one of these and /records")?;
        let number = |text: &str, maximum: usize| match text.parse() {
            Ok(number) if (1..=maximum).contains(&number) => Ok(number),
            _ => Err(format!("\"{text}\" is not a number from 1 to {maximum}")),
        };
        let group = Group::new(number(group, MAX_DIMENSION)?).map_err(|error| error.to_string())?;
        let layout = Layout { group, content };
        Ok(Self { rows: number(rows, MAX_ROWS)?, columns: number(columns, MAX_DIMENSION)?, layout })
    }
}

impl fmt::Display for Case {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}x{}/{}", self.rows, self.columns, self.layout.group.entries())?;
        match self.layout.content {
            Content::Scores => Ok(()),
            Content::Records => formatter.write_str("/records"),
        }
    }
}

impl Case {
    /// Entries of the matrix.
    pub(crate) fn entries(&self) -> usize {
        self.rows * self.columns
    }

    /// Rows of pseudorandom entries: bytes for records, else such that the norm is at most the cap.
    pub(crate) fn vectors(&self, count: usize, mut seed: u64) -> Vec<Vec<i64>> {
        let bound = ((he::MAX_NORM * he::MAX_NORM / self.columns as u64) as f64).sqrt() as u64;
        let (entries, least) = match self.layout.content {
            Content::Scores => (2 * bound + 1, -(bound as i64)),
            Content::Records => (256, 0),
        };
        let mut entry = || {
            // Marsaglia's xorshift64.
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            (seed % entries) as i64 + least
        };
        (0..count).map(|_| (0..self.columns).map(|_| entry()).collect()).collect()
    }

    /// What a client asks with: a vector to compare the rows with, or for records the unit vector of
    /// the column in the middle, whose product with the matrix is the record in that column.
    pub(crate) fn query(&self) -> Vec<i64> {
        match self.layout.content {
            Content::Scores => self.vectors(1, 2).remove(0),
            Content::Records => {
                (0..self.columns).map(|column| i64::from(column == self.record())).collect()
            }
        }
    }

    /// The column that is fetched of a matrix of records.
    pub(crate) fn record(&self) -> usize {
        self.columns / 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_is_written_as_it_is_read() {
        for text in ["8192x384/4", "1x1/1", "1048576x4096/32", "2x3/4/records"] {
            assert_eq!(text.parse::<Case>().map(|case| case.to_string()), Ok(text.to_owned()));
        }
        assert_eq!(
            "64x384".parse::<Case>().map(|case| case.to_string()),
            Ok("64x384/4".to_owned())
        );
    }

    #[test]
    fn the_entries_are_reproducible_and_acceptable() {
        for columns in [1, 384, 4096] {
            let case = Case { rows: 3, columns, layout: Layout::default() };
            let rows = case.vectors(3, 7);
            assert_eq!(rows, case.vectors(3, 7));
            assert_ne!(rows, case.vectors(3, 8));
            assert!(he::Matrix::new(&rows).is_ok());
        }
    }

    #[test]
    fn records_are_bytes_and_a_query_selects_one_of_them() {
        let case: Case = "300x5/4/records".parse().unwrap();
        let rows = case.vectors(300, 1);
        assert!(rows.iter().flatten().any(|entry| *entry > 127));
        assert!(he::Matrix::with_layout(&rows, case.layout).is_ok());
        assert_eq!(case.query(), [0, 0, 1, 0, 0]);
    }
}
