//! The public side: a matrix, prepared once, applied to many encrypted vectors.

use crate::encrypted::{EncryptedScores, EncryptedVector};
use crate::limits::{MAX_DIMENSION, MAX_NORM, MAX_ROWS, is_within_norm};
use crate::packing::{self, ROWS_PER_BLOCK};
use crate::{Error, ring};

/// A plaintext integer matrix in the form that ciphertexts are multiplied with.
///
/// It takes 8 bytes of memory per entry, with both sides rounded up to whole blocks of 64 rows and
/// 32 columns.
#[derive(Clone, Debug)]
pub struct Matrix {
    rows: usize,
    columns: usize,
    blocks: Vec<Vec<ring::Multiplier>>,
}

impl Matrix {
    /// Checks and prepares a matrix, given row by row.
    ///
    /// # Errors
    ///
    /// [`Error::RowCount`], [`Error::ColumnCount`], [`Error::RowLength`] and [`Error::RowNorm`].
    pub fn new(rows: &[Vec<i64>]) -> Result<Self, Error> {
        let columns = check(rows)?;
        let blocks = rows.chunks(ROWS_PER_BLOCK).map(prepare).collect::<Result<_, _>>()?;
        Ok(Self { rows: rows.len(), columns, blocks })
    }

    /// Number of rows, which is the number of scores of every product.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of columns, which is the number of entries of a vector that fits.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Multiplies an encrypted vector by this matrix, without a key.
    ///
    /// # Errors
    ///
    /// [`Error::DimensionMismatch`] if the vector does not have one entry per column.
    pub fn apply(&self, vector: &EncryptedVector) -> Result<EncryptedScores, Error> {
        if vector.dimension != self.columns {
            let (vector, matrix) = (vector.dimension, self.columns);
            return Err(Error::DimensionMismatch { vector, matrix });
        }
        let ciphertexts = self
            .blocks
            .iter()
            .map(|block| ring::sum_of_products(&vector.ciphertexts, block))
            .collect::<Result<_, _>>()?;
        Ok(EncryptedScores { rows: self.rows, ciphertexts })
    }
}

/// The number of columns of an acceptable matrix.
fn check(rows: &[Vec<i64>]) -> Result<usize, Error> {
    let Some(first) = rows.first().filter(|_| rows.len() <= MAX_ROWS) else {
        return Err(Error::RowCount { actual: rows.len(), maximum: MAX_ROWS });
    };
    let columns = first.len();
    if columns == 0 || columns > MAX_DIMENSION {
        return Err(Error::ColumnCount { actual: columns, maximum: MAX_DIMENSION });
    }
    for (row, entries) in rows.iter().enumerate() {
        if entries.len() != columns {
            return Err(Error::RowLength { row, actual: entries.len(), expected: columns });
        }
        if !is_within_norm(entries) {
            return Err(Error::RowNorm { row, maximum: MAX_NORM });
        }
    }
    Ok(columns)
}

fn prepare(rows: &[Vec<i64>]) -> Result<Vec<ring::Multiplier>, Error> {
    packing::matrix_block(rows).iter().map(|block| ring::Multiplier::new(block)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(rows: &[Vec<i64>]) -> Error {
        Matrix::new(rows).expect_err("the matrix is not acceptable")
    }

    #[test]
    fn a_matrix_without_rows_is_refused() {
        assert_eq!(refusal(&[]), Error::RowCount { actual: 0, maximum: MAX_ROWS });
    }

    #[test]
    fn a_matrix_with_too_many_rows_is_refused() {
        let rows = vec![vec![1]; MAX_ROWS + 1];
        assert_eq!(refusal(&rows), Error::RowCount { actual: MAX_ROWS + 1, maximum: MAX_ROWS });
    }

    #[test]
    fn a_matrix_without_columns_is_refused() {
        let error = Error::ColumnCount { actual: 0, maximum: MAX_DIMENSION };
        assert_eq!(refusal(&[vec![]]), error);
    }

    #[test]
    fn a_matrix_with_too_many_columns_is_refused() {
        let actual = MAX_DIMENSION + 1;
        let error = Error::ColumnCount { actual, maximum: MAX_DIMENSION };
        assert_eq!(refusal(&[vec![0; actual]]), error);
    }

    #[test]
    fn a_ragged_row_is_named() {
        let error = Error::RowLength { row: 1, actual: 1, expected: 2 };
        assert_eq!(refusal(&[vec![1, 2], vec![3]]), error);
    }

    #[test]
    fn a_row_beyond_the_norm_is_named() {
        let error = Error::RowNorm { row: 1, maximum: MAX_NORM };
        assert_eq!(refusal(&[vec![724, 0], vec![724, 1]]), error);
    }
}
