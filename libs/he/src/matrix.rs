//! The public side: a matrix, prepared once, applied to many encrypted vectors.

use std::num::NonZeroUsize;

use crate::encrypted::{Arranged, EncryptedScores, EncryptedVector};
use crate::kernel::{self, Multipliers};
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
    /// [`Error::ContentMismatch`] and [`Error::GroupMismatch`] if it is encrypted for another layout.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Group, MAX_NORM};

    fn refusal(rows: &[Vec<i64>]) -> Error {
        Matrix::new(rows).expect_err("the matrix is not acceptable")
    }

    #[test]
    fn a_matrix_tells_its_size_and_the_memory_of_whole_blocks() {
        let layout = Layout::scores(Group::new(4).unwrap());
        let matrix = Matrix::with_layout(&vec![vec![1, -2, 3, -4, 5]; 513], layout).unwrap();
        assert_eq!((matrix.rows(), matrix.columns(), matrix.layout()), (513, 5, layout));
        // 513 rows are two blocks of 512, and 5 columns two groups of 4.
        assert_eq!(matrix.bytes(), 8 * 1024 * 8);
        assert!(matrix.log2_failure() < -64.0);
    }

    #[test]
    fn the_noise_is_told_for_every_block_and_grows_with_its_entries() {
        let layout = Layout::scores(Group::new(4).unwrap());
        let mut rows = vec![vec![1, 1]; 1024];
        rows[512..].fill(vec![9, -9]);
        let matrix = Matrix::with_layout(&rows, layout).unwrap();
        let [first, second] = matrix.noise_variances().collect::<Vec<_>>()[..] else {
            panic!("there are two blocks");
        };
        // 10 is the variance of an error: 512 rows with squares of 2 or of 162.
        assert_eq!(second - first, 10.0 * 512.0 * 160.0);
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

    #[test]
    fn values_without_columns_and_without_rows_are_refused() {
        let from = |values: &[i32], columns| {
            let matrix = Matrix::from_values(values, columns, Layout::default(), NonZeroUsize::MIN);
            matrix.map(|_| ()).expect_err("the matrix is not acceptable")
        };
        let error = Error::ColumnCount { actual: 0, maximum: MAX_DIMENSION };
        assert_eq!(from(&[1], 0), error);
        assert_eq!(from(&[], 3), Error::RowCount { actual: 0, maximum: MAX_ROWS });
        assert_eq!(from(&[], 0), Error::RowCount { actual: 0, maximum: MAX_ROWS });
        assert_eq!(from(&[1; 5], 3), Error::RowLength { row: 1, actual: 2, expected: 3 });
        assert!(from(&[1], usize::MAX).to_string().contains("columns"));
    }

    #[test]
    fn entries_beyond_32_bits_are_refused_by_their_row() {
        for entry in [i64::MIN, i64::MAX, 1 << 32] {
            let error = Error::RowNorm { row: 1, maximum: MAX_NORM };
            assert_eq!(refusal(&[vec![0], vec![entry]]), error);
            let layout = Layout::records(Group::default());
            let error = Matrix::with_layout(&[vec![0], vec![entry]], layout).map(|_| ());
            assert_eq!(error, Err(Error::RowByte { row: 1, column: 0 }));
        }
    }

    #[test]
    fn every_number_of_threads_prepares_the_same_matrix() {
        let values: Vec<i32> = (0..300 * 37).map(|index| index % 237 - 118).collect();
        let matrix = |threads| {
            let layout = Layout::scores(Group::ALL[4]);
            let threads = NonZeroUsize::new(threads).expect("not zero");
            let matrix = Matrix::from_values(&values, 37, layout, threads).expect("acceptable");
            (0..matrix.multipliers.blocks).fold(Vec::new(), |mut all, block| {
                matrix.multipliers.block(block, &mut all);
                all
            })
        };
        let alone = matrix(1);
        assert!([2, 3, 100].map(matrix).iter().all(|several| *several == alone));
    }
}
