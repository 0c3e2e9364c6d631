//! The last step of the server: from sums in the transform domain to 32-bit coefficients.

use crate::encrypted::EncryptedScores;
use crate::kernel::{Instructions, Sums};
use crate::modular::down32;
use crate::parameters::DEGREE;
use crate::ring;
use crate::wire::Header;
use crate::{Error, Group, memory};

/// The sums of products of all blocks of a matrix, on their way to [`EncryptedScores`].
#[derive(Debug)]
pub struct Products {
    pub(crate) header: Header,
    /// At least one, each of whole blocks.
    pub(crate) chunks: Vec<Sums>,
}

impl Products {
    /// What they were computed with.
    #[must_use]
    pub fn instructions(&self) -> Instructions {
        self.chunks.first().map_or(Instructions::PORTABLE, |sums| sums.instructions)
    }

    /// Transforms the sums back, scales them to 32 bits and leaves out what holds no score.
    ///
    /// # Errors
    ///
    /// [`Error::NoMemory`].
    pub fn scores(mut self) -> Result<EncryptedScores, Error> {
        let (header, group) = (self.header, self.header.layout.group);
        let mut scores = EncryptedScores {
            header,
            masks: memory::room(header.blocks() * DEGREE)?,
            bodies: memory::room(header.blocks() * group.rows_per_block())?,
        };
        for sums in &mut self.chunks {
            scale(&mut sums.values, group, &mut scores);
        }
        scores.bodies.truncate(header.entries);
        Ok(scores)
    }
}

fn scale(sums: &mut [u64], group: Group, scores: &mut EncryptedScores) {
    for sums in sums.chunks_exact_mut(2 * DEGREE) {
        let (mask, body) = sums.split_at_mut(DEGREE);
        ring::inverse_transform(mask);
        ring::inverse_transform(body);
        scores.masks.extend(mask.iter().map(|value| down32(*value)));
        let rows = 0..group.rows_per_block();
        scores.bodies.extend(rows.map(|row| down32(body[group.score_position(row)])));
    }
}
