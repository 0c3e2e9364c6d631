//! Everything that can go wrong, as data.

use thiserror::Error as ThisError;

use crate::Content;

/// Why a vector, a matrix or a ciphertext was refused.
#[derive(Debug, Clone, PartialEq, ThisError)]
#[non_exhaustive]
pub enum Error {
    /// The vector has no entries, or more than [`MAX_DIMENSION`](crate::MAX_DIMENSION).
    #[error("a vector has 1 to {maximum} entries; this one has {actual}")]
    VectorLength {
        /// Number of entries given.
        actual: usize,
        /// Largest number allowed.
        maximum: usize,
    },
    /// The vector is longer than [`MAX_NORM`](crate::MAX_NORM). The norm is secret, so it is not told.
    #[error("the Euclidean norm of the vector exceeds {maximum}")]
    VectorNorm {
        /// Largest norm allowed.
        maximum: u64,
    },
    /// An entry of a vector for records is no byte. Which one it is may be secret.
    #[error("the entries of a vector for records are 0 to 255")]
    VectorByte,
    /// The matrix has no rows, or more than [`MAX_ROWS`](crate::MAX_ROWS).
    #[error("a matrix has 1 to {maximum} rows; this one has {actual}")]
    RowCount {
        /// Number of rows given.
        actual: usize,
        /// Largest number allowed.
        maximum: usize,
    },
    /// A row of the matrix has no entries, or more than [`MAX_DIMENSION`](crate::MAX_DIMENSION).
    #[error("a matrix has 1 to {maximum} columns; this one has {actual}")]
    ColumnCount {
        /// Number of columns given.
        actual: usize,
        /// Largest number allowed.
        maximum: usize,
    },
    /// The rows of the matrix differ in length.
    #[error("row {row} has {actual} entries where row 0 has {expected}")]
    RowLength {
        /// Index of the row, from 0.
        row: usize,
        /// Its number of entries.
        actual: usize,
        /// The number of entries of row 0.
        expected: usize,
    },
    /// A row of the matrix is longer than [`MAX_NORM`](crate::MAX_NORM).
    #[error("the Euclidean norm of row {row} exceeds {maximum}")]
    RowNorm {
        /// Index of the row, from 0.
        row: usize,
        /// Largest norm allowed.
        maximum: u64,
    },
    /// An entry of a matrix of records is no byte.
    #[error("row {row} has an entry in column {column} that is no byte: records are 0 to 255")]
    RowByte {
        /// Index of the row, from 0.
        row: usize,
        /// Index of the column, from 0.
        column: usize,
    },
    /// The entries of a block of rows make so much noise that integers may decrypt wrongly.
    #[error(
        "an integer of block {block} would be wrong with probability 2^{log2_failure:.1}; 2^-64 is \
         allowed"
    )]
    Noise {
        /// Index of the block of rows, from 0.
        block: usize,
        /// Logarithm, to base 2, of the bound on the probability.
        log2_failure: f64,
    },
    /// No ciphertext holds this number of entries (see [`Group`](crate::Group)).
    #[error("a group has 1, 2, 4, 8, 16 or 32 entries; this one has {actual}")]
    Group {
        /// Number of entries given.
        actual: usize,
    },
    /// The vector was encrypted for a matrix with another group.
    #[error(
        "the vector is encrypted in groups of {vector} entries; the matrix has groups of {matrix}"
    )]
    GroupMismatch {
        /// Entries in each ciphertext of the vector.
        vector: usize,
        /// Entries in each group of the matrix.
        matrix: usize,
    },
    /// The vector was encrypted for a matrix with another content.
    #[error("the vector is encrypted for {vector}; the matrix has {matrix}")]
    ContentMismatch {
        /// Content of the vector.
        vector: Content,
        /// Content of the matrix.
        matrix: Content,
    },
    /// The encrypted vector does not fit the matrix.
    #[error("the vector has {vector} entries; the matrix has {matrix} columns")]
    DimensionMismatch {
        /// Number of entries of the vector.
        vector: usize,
        /// Number of columns of the matrix.
        matrix: usize,
    },
    /// The bytes are not a ciphertext of this crate.
    #[error(transparent)]
    Wire(#[from] WireError),
    /// The system gives no memory for a step of a product.
    #[error("the system gives no memory for {bytes} bytes")]
    NoMemory {
        /// Bytes that were asked for.
        bytes: usize,
    },
    /// The CUDA device failed.
    #[cfg(feature = "gpu")]
    #[error(transparent)]
    Gpu(#[from] crate::GpuError),
    /// The arithmetic of a key failed although its inputs were checked: a defect.
    #[error("homomorphic arithmetic failed: {0}")]
    Arithmetic(String),
}

/// Why bytes were refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum WireError {
    /// The bytes end inside the header.
    #[error("{actual} bytes are too few: the header alone has {minimum}")]
    Truncated {
        /// Number of bytes given.
        actual: usize,
        /// Number of bytes of the header.
        minimum: usize,
    },
    /// The bytes do not begin with the mark of this format.
    #[error("the bytes are not in the format \"HLP1\"")]
    Format,
    /// The bytes are in another version of this format.
    #[error("the bytes are in version {actual} of the format; this is version 1")]
    Version {
        /// Version found.
        actual: u8,
    },
    /// The bytes are the other message: scores where a vector is expected, or the reverse.
    #[error("expected a message of kind {} or {}, found kind {actual}", expected[0], expected[1])]
    Kind {
        /// Kind found.
        actual: u8,
        /// Kinds expected: 1 and 3 are vectors, 2 and 4 are products, for scores and for records.
        expected: [u8; 2],
    },
    /// No ciphertext holds this number of entries.
    #[error("the header announces groups of {actual} entries; 1, 2, 4, 8, 16 and 32 are allowed")]
    Group {
        /// Number announced.
        actual: u8,
    },
    /// The number of entries is 0 or too large.
    #[error("the header announces {actual} entries; 1 to {maximum} are allowed")]
    Count {
        /// Number announced.
        actual: usize,
        /// Largest number allowed.
        maximum: usize,
    },
    /// The number of bytes does not follow from the number of entries.
    #[error("expected {expected} bytes, found {actual}")]
    Length {
        /// Number of bytes given.
        actual: usize,
        /// The only number of bytes allowed.
        expected: usize,
    },
    /// A coefficient is not reduced modulo the ciphertext modulus.
    #[error("coefficient {index} of polynomial {polynomial} is out of range")]
    Coefficient {
        /// Index of the polynomial, from 0.
        polynomial: usize,
        /// Index of the coefficient in it, from 0.
        index: usize,
    },
}
