//! The public side: a matrix, prepared once, applied to many encrypted vectors.

use std::num::NonZeroUsize;

use crate::encrypted::{Arranged, EncryptedScores, EncryptedVector};
use crate::kernel::{self, Multipliers};
use crate::limits::{MAX_DIMENSION, MAX_NORM, MAX_ROWS, is_within_norm};
use crate::parameters::DEGREE;
use crate::products::Products;
use crate::wire::Header;
use crate::{Error, Group, packing, parallel, ring};

/// A plaintext integer matrix in the form that ciphertexts are multiplied with.
///
/// It takes 8 bytes of memory per entry, with rows and columns rounded up to whole blocks: columns
/// to a multiple of its [`Group`], rows to a multiple of 2048 divided by it.
#[derive(Clone, Debug)]
pub struct Matrix {
    pub(crate) shape: Shape,
    pub(crate) multipliers: Multipliers,
}

/// What a matrix is, apart from its entries.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    columns: usize,
    /// That of the scores of every product.
    pub(crate) header: Header,
}

impl Shape {
    /// Whether the matrix is for such a vector.
    pub(crate) fn check_fit(&self, vector: &EncryptedVector) -> Result<(), Error> {
        let (dimension, group) = (vector.dimension(), vector.group());
        if dimension != self.columns {
            return Err(Error::DimensionMismatch { vector: dimension, matrix: self.columns });
        }
        if group != self.header.group {
            let (vector, matrix) = (group.entries(), self.header.group.entries());
            return Err(Error::GroupMismatch { vector, matrix });
        }
        Ok(())
    }
}

impl Matrix {
    /// Checks and prepares a matrix, given row by row, for vectors in groups of the default size.
    ///
    /// # Errors
    ///
    /// [`Error::RowCount`], [`Error::ColumnCount`], [`Error::RowLength`] and [`Error::RowNorm`].
    pub fn new(rows: &[Vec<i64>]) -> Result<Self, Error> {
        Self::with_group(rows, Group::default())
    }

    /// Checks and prepares a matrix, given row by row, for vectors in groups of this size.
    ///
    /// # Errors
    ///
    /// Those of [`Matrix::new`].
    pub fn with_group(rows: &[Vec<i64>], group: Group) -> Result<Self, Error> {
        let columns = check(rows)?;
        let header = Header { group, entries: rows.len() };
        Ok(Self {
            shape: Shape { columns, header },
            multipliers: prepare(rows, group, parallel::available()),
        })
    }

    /// Number of rows, which is the number of scores of every product.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.shape.header.entries
    }

    /// Number of columns, which is the number of entries of a vector that fits.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.shape.columns
    }

    /// Number of entries in each ciphertext of a vector that fits.
    #[must_use]
    pub fn group(&self) -> Group {
        self.shape.header.group
    }

    /// Bytes of memory of the prepared entries.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.multipliers.bytes()
    }

    /// Multiplies an encrypted vector by this matrix, without a key and on the calling thread.
    ///
    /// # Errors
    ///
    /// [`Error::DimensionMismatch`] if the vector does not have one entry per column, and
    /// [`Error::GroupMismatch`] if it is encrypted in groups of another size.
    pub fn apply(&self, vector: &EncryptedVector) -> Result<EncryptedScores, Error> {
        self.shape.check_fit(vector)?;
        let query = vector.expand(NonZeroUsize::MIN);
        Ok(self.multiply(&query.arrange(), NonZeroUsize::MIN)?.scores())
    }

    /// The part of [`Matrix::apply`] that reads the matrix; it is done by so many threads.
    ///
    /// # Errors
    ///
    /// Those of [`Matrix::apply`].
    pub fn multiply(&self, query: &Arranged<'_>, threads: NonZeroUsize) -> Result<Products, Error> {
        self.shape.check_fit(query.vector)?;
        let chunks = parallel::map_ranges(threads, self.multipliers.blocks, |blocks| {
            kernel::multiply(&self.multipliers, &query.tiles, blocks)
        });
        Ok(Products { header: self.shape.header, chunks })
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

/// A few blocks at a time, so that beside the result there is memory for those alone.
fn prepare(rows: &[Vec<i64>], group: Group, threads: NonZeroUsize) -> Multipliers {
    let blocks: Vec<_> = rows.chunks(group.rows_per_block()).collect();
    let groups = rows[0].len().div_ceil(group.entries());
    let mut multipliers = Multipliers::zero(blocks.len(), groups);
    for (index, some) in blocks.chunks(threads.get()).enumerate() {
        let first = index * threads.get();
        let prepared = parallel::map_ranges(threads, some.len(), |range| {
            some[range].iter().map(|rows| prepare_block(rows, group)).collect::<Vec<_>>()
        });
        for (offset, polynomials) in prepared.iter().flatten().enumerate() {
            multipliers.set_block(first + offset, polynomials);
        }
    }
    multipliers
}

/// The transformed polynomials of one block, group after group.
fn prepare_block(rows: &[Vec<i64>], group: Group) -> Vec<u64> {
    let columns = rows[0].len();
    let mut coefficients = vec![0; DEGREE];
    let mut polynomials = vec![0; columns.div_ceil(group.entries()) * DEGREE];
    for (index, polynomial) in polynomials.chunks_exact_mut(DEGREE).enumerate() {
        let start = index * group.entries();
        let part = start..columns.min(start + group.entries());
        let parts = rows.iter().map(|row| &row[part.clone()]);
        packing::matrix_polynomial(parts, group, &mut coefficients);
        ring::transform(&coefficients, polynomial);
    }
    polynomials
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
