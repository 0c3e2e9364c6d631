//! The two messages: a vector on its way to the matrix, scores on their way back.

use std::convert::Infallible;
use std::num::NonZeroUsize;

use crate::kernel::Tiles;
use crate::modular::lift32;
use crate::parameters::{DEGREE, SEED_LEN};
use crate::wire::{self, Header, SCORES, VECTOR};
use crate::{Error, Layout, memory, parallel, ring};

/// An encrypted vector. It says nothing about the entries but their number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncryptedVector {
    pub(crate) header: Header,
    pub(crate) seeds: Vec<[u8; SEED_LEN]>,
    /// `[ciphertext][coefficient]`, transformed and reduced.
    pub(crate) bodies: Vec<u64>,
}

impl EncryptedVector {
    /// An encrypted vector from what a key makes: for every ciphertext a seed, and `DEGREE`
    /// coefficients of the second polynomial, transformed.
    ///
    /// # Errors
    ///
    /// [`Error::Wire`] where the byte form of the parts would be refused: the number of entries is
    /// 0 or too large, the parts are not as many as it needs, or a coefficient is not reduced.
    pub fn from_parts(
        dimension: usize,
        layout: Layout,
        seeds: Vec<[u8; SEED_LEN]>,
        bodies: Vec<u64>,
    ) -> Result<Self, Error> {
        let vector = Self { header: Header { layout, entries: dimension }, seeds, bodies };
        wire::check_vector(&vector)?;
        Ok(vector)
    }

    /// Number of entries.
    #[must_use]
    pub fn dimension(&self) -> usize {
        self.header.entries
    }

    /// What the vector is encrypted for.
    #[must_use]
    pub fn layout(&self) -> Layout {
        self.header.layout
    }

    /// Number of bytes of every vector with `dimension` entries, in the default layout.
    #[must_use]
    pub fn wire_len(dimension: usize) -> usize {
        Self::wire_len_in(dimension, Layout::default())
    }

    /// Number of bytes of every vector with `dimension` entries, in this layout.
    #[must_use]
    pub fn wire_len_in(dimension: usize, layout: Layout) -> usize {
        wire::vector_len(Header { layout, entries: dimension })
    }

    /// The byte form.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        wire::write_vector(self)
    }

    /// Reads the byte form.
    ///
    /// # Errors
    ///
    /// [`Error::Wire`] unless the bytes are exactly what [`EncryptedVector::to_bytes`] writes for
    /// some ciphertext, and [`Error::NoMemory`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        wire::read_vector(VECTOR.read(bytes)?)
    }

    /// Expands the seeds, which makes the vector ready for any number of matrices.
    ///
    /// # Errors
    ///
    /// [`Error::NoMemory`].
    pub fn expand(&self, threads: NonZeroUsize) -> Result<Query<'_>, Error> {
        let chunks = parallel::map_ranges(threads, self.seeds.len(), |range| {
            let mut values = memory::room(range.len() * DEGREE)?;
            self.seeds[range].iter().for_each(|seed| ring::expand(*seed, &mut values));
            Ok(values)
        });
        let chunks = chunks.into_iter().collect::<Result<Vec<_>, Error>>()?;
        let masks = match <[_; 1]>::try_from(chunks) {
            Ok([masks]) => masks,
            Err(chunks) => {
                let mut masks = memory::room(self.seeds.len() * DEGREE)?;
                chunks.iter().for_each(|chunk: &Vec<u64>| masks.extend_from_slice(chunk));
                masks
            }
        };
        Ok(Query { vector: self, masks })
    }
}

/// An encrypted vector with its seeds expanded.
#[derive(Debug)]
pub struct Query<'a> {
    pub(crate) vector: &'a EncryptedVector,
    /// `[ciphertext][coefficient]`, transformed and reduced, as the bodies are.
    pub(crate) masks: Vec<u64>,
}

impl Query<'_> {
    /// Puts the coefficients in the order in which the CPU reads them.
    ///
    /// # Errors
    ///
    /// [`Error::NoMemory`].
    pub fn arrange(&self) -> Result<Arranged<'_>, Error> {
        let tiles = Tiles::new(&self.masks, &self.vector.bodies)?;
        Ok(Arranged { vector: self.vector, tiles })
    }
}

/// A query in the order in which the CPU reads it.
#[derive(Debug)]
pub struct Arranged<'a> {
    pub(crate) vector: &'a EncryptedVector,
    pub(crate) tiles: Tiles,
}

/// The encrypted product of a matrix and a vector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncryptedScores {
    pub(crate) header: Header,
    /// `[block][coefficient]`, scaled to 32 bits.
    pub(crate) masks: Vec<u32>,
    /// One value for each row, scaled to 32 bits.
    pub(crate) bodies: Vec<u32>,
}

impl EncryptedScores {
    /// Number of scores, one for each row of the matrix.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.header.entries
    }

    /// The layout of the matrix.
    #[must_use]
    pub fn layout(&self) -> Layout {
        self.header.layout
    }

    /// The ciphertexts, which whoever has the key can decrypt.
    pub fn blocks(&self) -> impl Iterator<Item = ScoreBlock> {
        let group = self.header.layout.group;
        let bodies = self.bodies.chunks(group.rows_per_block());
        self.masks.chunks_exact(DEGREE).zip(bodies).map(move |(mask, scores)| {
            let mut body = vec![0; DEGREE];
            for (row, value) in scores.iter().enumerate() {
                body[group.score_position(row)] = lift32(*value);
            }
            let mask = mask.iter().map(|value| lift32(*value)).collect();
            ScoreBlock { mask, body, rows: scores.len() }
        })
    }

    /// Number of bytes of all scores of a matrix with `rows` rows, in the default layout.
    #[must_use]
    pub fn wire_len(rows: usize) -> usize {
        Self::wire_len_in(rows, Layout::default())
    }

    /// Number of bytes of all scores of a matrix with `rows` rows, in this layout.
    #[must_use]
    pub fn wire_len_in(rows: usize, layout: Layout) -> usize {
        wire::scores_len(Header { layout, entries: rows })
    }

    /// The byte form.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(wire::scores_len(self.header));
        let Ok(()) = self.write(|piece| {
            bytes.extend_from_slice(piece);
            Ok::<_, Infallible>(())
        });
        bytes
    }

    /// Gives the byte form to `write`, piece by piece, and needs no memory for the whole of it.
    ///
    /// # Errors
    ///
    /// Those of `write`, after which nothing more is written.
    pub fn write<E>(&self, write: impl FnMut(&[u8]) -> Result<(), E>) -> Result<(), E> {
        wire::write_scores(self, write)
    }

    /// Reads the byte form.
    ///
    /// # Errors
    ///
    /// [`Error::Wire`] unless the bytes are exactly what [`EncryptedScores::to_bytes`] writes for
    /// some ciphertext.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        Ok(wire::read_scores(SCORES.read(bytes)?))
    }
}

/// One ciphertext of scores, scaled back up to the modulus.
#[derive(Clone, Debug)]
pub struct ScoreBlock {
    /// The `DEGREE` coefficients of the polynomial that is multiplied by the key.
    pub mask: Vec<u64>,
    /// The `DEGREE` coefficients of the other one; those without a score are 0.
    pub body: Vec<u64>,
    /// Number of scores: that of row `r` is at [`score_position`](crate::Group::score_position)`(r)` of the group.
    pub rows: usize,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameters::MODULUS;
    use crate::{Group, Matrix};

    /// Scores of 513 rows in blocks of 512, of a vector with any ciphertext.
    fn scores() -> EncryptedScores {
        let layout = Layout::scores(Group::new(4).unwrap());
        let rows: Vec<Vec<i64>> = (0..513).map(|row| vec![row % 7, 3 - row % 5]).collect();
        let body = (0..DEGREE as u64).map(|index| index * 1_000_000_007 % MODULUS).collect();
        let vector = EncryptedVector::from_parts(2, layout, vec![[7; SEED_LEN]], body).unwrap();
        Matrix::with_layout(&rows, layout).unwrap().apply(&vector).unwrap()
    }

    #[test]
    fn the_lengths_that_are_told_are_those_of_the_bytes() {
        let scores = scores();
        let layout = scores.layout();
        assert_eq!(scores.rows(), 513);
        assert_eq!(scores.to_bytes().len(), EncryptedScores::wire_len_in(513, layout));
        let body = vec![0; DEGREE];
        let vector =
            EncryptedVector::from_parts(1, Layout::default(), vec![[0; SEED_LEN]], body).unwrap();
        assert_eq!(vector.to_bytes().len(), EncryptedVector::wire_len(1));
    }

    #[test]
    fn every_block_of_scores_has_them_where_the_group_says_and_nothing_elsewhere() {
        let scores = scores();
        let group = scores.layout().group;
        let blocks: Vec<_> = scores.blocks().collect();
        assert_eq!(blocks.iter().map(|block| block.rows).collect::<Vec<_>>(), [512, 1]);
        for (index, block) in blocks.iter().enumerate() {
            let masks = &scores.masks[index * DEGREE..][..DEGREE];
            assert!(block.mask.iter().copied().eq(masks.iter().map(|value| lift32(*value))));
            let mut body = vec![0; DEGREE];
            for row in 0..block.rows {
                body[group.score_position(row)] = lift32(scores.bodies[index * 512 + row]);
            }
            assert!(block.body == body, "block {index}");
        }
    }
}
