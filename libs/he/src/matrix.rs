//! The public side: a matrix, prepared once, applied to many encrypted vectors.

#[cfg(test)]
mod tests;

use std::num::NonZeroUsize;

use crate::encrypted::{Arranged, EncryptedScores, EncryptedVector};
use crate::kernel::{self, Instructions, Multipliers};
use crate::limits::{MAX_DIMENSION, MAX_ROWS, check_row};
use crate::noise::{self, Energy};
use crate::prepare::Entries;
use crate::products::Products;
use crate::wire::Header;
use crate::{Error, Layout, parallel};

/// A plaintext integer matrix in the form that ciphertexts are multiplied with.
///
/// It takes 8 bytes of memory per entry, with rows and columns rounded up to whole blocks: columns
/// to a multiple of its [`Group`](crate::Group), rows to a multiple of 2048 divided by it.
#[derive(Clone, Debug)]
pub struct Matrix {
    pub(crate) shape: Shape,
    pub(crate) multipliers: Multipliers,
    energies: Vec<Energy>,
    log2_failure: f64,
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
        let (dimension, columns) = (vector.dimension(), self.columns);
        if dimension != columns {
            return Err(Error::DimensionMismatch { vector: dimension, matrix: columns });
        }
        let (vector, matrix) = (vector.layout(), self.header.layout);
        if vector.content != matrix.content {
            let (vector, matrix) = (vector.content, matrix.content);
            return Err(Error::ContentMismatch { vector, matrix });
        }
        if vector.group != matrix.group {
            let (vector, matrix) = (vector.group.entries(), matrix.group.entries());
            return Err(Error::GroupMismatch { vector, matrix });
        }
        Ok(())
    }
}

impl Matrix {
    /// Checks and prepares a matrix, given row by row, for vectors in the default layout.
    ///
    /// # Errors
    ///
    /// [`Error::RowLength`], and those of [`Matrix::from_values`].
    pub fn new(rows: &[Vec<i64>]) -> Result<Self, Error> {
        Self::with_layout(rows, Layout::default())
    }

    /// Checks and prepares a matrix, given row by row, for vectors in this layout.
    ///
    /// # Errors
    ///
    /// Those of [`Matrix::new`].
    pub fn with_layout(rows: &[Vec<i64>], layout: Layout) -> Result<Self, Error> {
        let expected = rows.first().map_or(0, Vec::len);
        check_size(rows.len(), expected)?;
        let mut values = Vec::with_capacity(rows.len() * expected);
        for (row, entries) in rows.iter().enumerate() {
            if entries.len() != expected {
                return Err(Error::RowLength { row, actual: entries.len(), expected });
            }
            // What does not fit 32 bits is beyond every limit, and so is what stands in for it.
            values.extend(entries.iter().map(|entry| i32::try_from(*entry).unwrap_or(i32::MIN)));
        }
        Self::from_values(&values, expected, layout, parallel::available())
    }

    /// Checks and prepares a matrix whose entries are given row after row, for vectors in this
    /// layout. So many threads do it.
    ///
    /// # Errors
    ///
    /// * [`Error::ColumnCount`], [`Error::RowCount`], and [`Error::RowLength`] if the last row is
    ///   not complete;
    /// * [`Error::RowNorm`] for scores and [`Error::RowByte`] for records;
    /// * [`Error::Noise`] if an integer would be wrong with a probability beyond 2^-64.
    pub fn from_values(
        values: &[i32],
        columns: usize,
        layout: Layout,
        threads: NonZeroUsize,
    ) -> Result<Self, Error> {
        check_size(values.len().div_ceil(columns.max(1)), columns)?;
        let rows = values.chunks_exact(columns);
        let (entries, actual) = (rows.len(), rows.remainder().len());
        if actual != 0 {
            return Err(Error::RowLength { row: entries, actual, expected: columns });
        }
        rows.enumerate().try_for_each(|(row, entries)| check_row(row, entries, layout.content))?;
        let group = layout.group;
        let (multipliers, energies) = Entries { values, columns, group }.prepare(threads);
        let log2_failure = noise::check(&energies, layout.content)?;
        let shape = Shape { columns, header: Header { layout, entries } };
        Ok(Self { shape, multipliers, energies, log2_failure })
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

    /// What a vector has to be encrypted for.
    #[must_use]
    pub fn layout(&self) -> Layout {
        self.shape.header.layout
    }

    /// Bytes of memory of the prepared entries.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.multipliers.bytes()
    }

    /// Logarithm, to base 2, of a bound on the probability that one integer of a product is wrong,
    /// for the block of rows where it is largest. It is below -64.
    #[must_use]
    pub fn log2_failure(&self) -> f64 {
        self.log2_failure
    }

    /// Variance of the noise of the integers of every block of rows, in units of the ciphertext
    /// modulus. It follows from the entries alone.
    pub fn noise_variances(&self) -> impl Iterator<Item = f64> {
        self.energies.iter().map(|energy| energy.variance())
    }

    /// Multiplies an encrypted vector by this matrix, without a key and on the calling thread.
    ///
    /// # Errors
    ///
    /// [`Error::DimensionMismatch`] if the vector does not have one entry per column, and
    /// [`Error::ContentMismatch`] and [`Error::GroupMismatch`] if it is encrypted for another layout;
    /// [`Error::NoMemory`].
    pub fn apply(&self, vector: &EncryptedVector) -> Result<EncryptedScores, Error> {
        self.shape.check_fit(vector)?;
        let query = vector.expand(NonZeroUsize::MIN)?;
        self.multiply(&query.arrange()?, NonZeroUsize::MIN)?.scores()
    }

    /// The part of [`Matrix::apply`] that reads the matrix; it is done by so many threads.
    ///
    /// # Errors
    ///
    /// Those of [`Matrix::apply`].
    pub fn multiply(&self, query: &Arranged<'_>, threads: NonZeroUsize) -> Result<Products, Error> {
        self.multiply_with(Instructions::best(), query, threads)
    }

    /// The same with these instructions of the processor.
    ///
    /// # Errors
    ///
    /// Those of [`Matrix::apply`].
    pub fn multiply_with(
        &self,
        instructions: Instructions,
        query: &Arranged<'_>,
        threads: NonZeroUsize,
    ) -> Result<Products, Error> {
        self.shape.check_fit(query.vector)?;
        let chunks = parallel::map_ranges(threads, self.multipliers.blocks, |blocks| {
            kernel::multiply(instructions, (&self.multipliers, &query.tiles), blocks)
        });
        let chunks = chunks.into_iter().collect::<Result<_, _>>()?;
        Ok(Products { header: self.shape.header, chunks })
    }
}

/// Whether there are matrices of this size.
fn check_size(rows: usize, columns: usize) -> Result<(), Error> {
    if rows == 0 || rows > MAX_ROWS {
        return Err(Error::RowCount { actual: rows, maximum: MAX_ROWS });
    }
    if columns == 0 || columns > MAX_DIMENSION {
        return Err(Error::ColumnCount { actual: columns, maximum: MAX_DIMENSION });
    }
    Ok(())
}
