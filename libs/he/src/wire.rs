//! The byte form of the two messages.
//!
//! ```text
//! "HLP1" | kind u8 | entries per group u8 | entries u32 | …
//!
//! vector (kind 1, for records kind 3): for every ciphertext  seed 32 bytes | 2048 × 41 bits
//! scores (kind 2, for records kind 4): for every block 2048 × u32, then for every row u32
//! ```
//!
//! All integers are little-endian. The coefficients of a vector are in the transform domain, those
//! of scores are not. The number of ciphertexts and blocks follows from the header, so a message
//! has exactly one length and one reading; anything else is refused.

use crate::encrypted::{EncryptedScores, EncryptedVector};
use crate::error::{Error, WireError};
use crate::limits::{MAX_DIMENSION, MAX_ROWS};
use crate::parameters::{DEGREE, MODULUS, MODULUS_BITS, SEED_LEN};
use crate::{Content, Group, Layout, bits, memory};

const MARK: &[u8; 3] = b"HLP";
const VERSION: u8 = b'1';
const HEADER_LEN: usize = MARK.len() + 1 + 1 + 1 + 4;
const POLYNOMIAL_LEN: usize = DEGREE * MODULUS_BITS as usize / 8;
const CIPHERTEXT_LEN: usize = SEED_LEN + POLYNOMIAL_LEN;
const SCORE_LEN: usize = size_of::<u32>();

/// What the length of a message follows from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) layout: Layout,
    pub(crate) entries: usize,
}

impl Header {
    /// Ciphertexts of a vector with this header.
    pub(crate) fn ciphertexts(self) -> usize {
        self.entries.div_ceil(self.layout.group.entries())
    }

    /// Blocks of scores with this header.
    pub(crate) fn blocks(self) -> usize {
        self.entries.div_ceil(self.layout.group.rows_per_block())
    }
}

/// What tells one message from the other.
pub(crate) struct Message {
    /// For scores and for records.
    kinds: [u8; 2],
    maximum: usize,
    len: fn(Header) -> usize,
}

pub(crate) const VECTOR: Message =
    Message { kinds: [1, 3], maximum: MAX_DIMENSION, len: vector_len };
pub(crate) const SCORES: Message = Message { kinds: [2, 4], maximum: MAX_ROWS, len: scores_len };

impl Message {
    /// The first bytes of a message. The number of entries is within `maximum`, hence within `u32`.
    fn header(&self, header: Header) -> [u8; HEADER_LEN] {
        let Layout { group, content } = header.layout;
        let [scores, records] = self.kinds;
        let kind = match content {
            Content::Scores => scores,
            Content::Records => records,
        };
        let mut bytes = [0; HEADER_LEN];
        bytes[..3].copy_from_slice(MARK);
        bytes[3..6].copy_from_slice(&[VERSION, kind, group.code()]);
        bytes[6..].copy_from_slice(&(header.entries as u32).to_le_bytes());
        bytes
    }

    /// Checks everything but the coefficients, before any memory is taken for them.
    pub(crate) fn read<'a>(&self, bytes: &'a [u8]) -> Result<(Header, &'a [u8]), WireError> {
        check_version(bytes)?;
        let actual = bytes.len();
        let Some((header, rest)) = bytes.split_first_chunk::<HEADER_LEN>() else {
            return Err(WireError::Truncated { actual, minimum: HEADER_LEN });
        };
        let [_, _, _, _, kind, group, entries @ ..] = *header;
        let content = match self.kinds {
            [scores, _] if kind == scores => Content::Scores,
            [_, records] if kind == records => Content::Records,
            expected => return Err(WireError::Kind { actual: kind, expected }),
        };
        let known = Group::new(usize::from(group));
        let group = known.map_err(|_| WireError::Group { actual: group })?;
        let layout = Layout { group, content };
        let header = Header { layout, entries: u32::from_le_bytes(entries) as usize };
        self.check_count(header)?;
        let expected = (self.len)(header);
        if actual != expected {
            return Err(WireError::Length { actual, expected });
        }
        Ok((header, rest))
    }

    fn check_count(&self, header: Header) -> Result<(), WireError> {
        let (actual, maximum) = (header.entries, self.maximum);
        match (1..=maximum).contains(&actual) {
            true => Ok(()),
            false => Err(WireError::Count { actual, maximum }),
        }
    }
}

/// Whether the mark is that of this version, as far as there are bytes.
fn check_version(bytes: &[u8]) -> Result<(), WireError> {
    match bytes.split_first_chunk() {
        None | Some((MARK, [] | [VERSION, ..])) => Ok(()),
        Some((MARK, [version @ b'0'..=b'9', ..])) => {
            Err(WireError::Version { actual: version - b'0' })
        }
        Some(_) => Err(WireError::Format),
    }
}

/// Whether the byte form of a vector would be accepted.
pub(crate) fn check_vector(vector: &EncryptedVector) -> Result<(), WireError> {
    let EncryptedVector { header, seeds, bodies } = vector;
    VECTOR.check_count(*header)?;
    let actual = HEADER_LEN + seeds.len() * SEED_LEN + bodies.len() * MODULUS_BITS as usize / 8;
    let expected = vector_len(*header);
    if seeds.len() != header.ciphertexts() || bodies.len() != seeds.len() * DEGREE {
        return Err(WireError::Length { actual, expected });
    }
    bodies.chunks_exact(DEGREE).enumerate().try_for_each(|(index, body)| check_body(index, body))
}

fn check_body(polynomial: usize, body: &[u64]) -> Result<(), WireError> {
    match body.iter().position(|value| *value >= MODULUS) {
        None => Ok(()),
        Some(index) => Err(WireError::Coefficient { polynomial, index }),
    }
}

pub(crate) fn vector_len(header: Header) -> usize {
    HEADER_LEN + header.ciphertexts() * CIPHERTEXT_LEN
}

pub(crate) fn scores_len(header: Header) -> usize {
    HEADER_LEN + (header.blocks() * DEGREE + header.entries) * SCORE_LEN
}

pub(crate) fn write_vector(vector: &EncryptedVector) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(vector_len(vector.header));
    bytes.extend_from_slice(&VECTOR.header(vector.header));
    for (seed, body) in vector.seeds.iter().zip(vector.bodies.chunks_exact(DEGREE)) {
        bytes.extend_from_slice(seed);
        bits::pack(body, &mut bytes);
    }
    bytes
}

/// Reads what follows the header of a vector; its length has been checked.
pub(crate) fn read_vector(message: (Header, &[u8])) -> Result<EncryptedVector, Error> {
    let (header, rest) = message;
    let mut seeds = memory::room(header.ciphertexts())?;
    let mut bodies = memory::room(header.ciphertexts() * DEGREE)?;
    for (polynomial, bytes) in rest.chunks_exact(CIPHERTEXT_LEN).enumerate() {
        let Some((seed, body)) = bytes.split_first_chunk() else { continue };
        seeds.push(*seed);
        let start = bodies.len();
        bits::unpack(body, &mut bodies);
        check_body(polynomial, &bodies[start..])?;
    }
    Ok(EncryptedVector { header, seeds, bodies })
}

/// Scores that are written together.
const PIECE: usize = 1024;

/// Gives the bytes of scores to `write`, piece by piece.
pub(crate) fn write_scores<E>(
    scores: &EncryptedScores,
    mut write: impl FnMut(&[u8]) -> Result<(), E>,
) -> Result<(), E> {
    write(&SCORES.header(scores.header))?;
    let mut piece = [[0; SCORE_LEN]; PIECE];
    for values in scores.masks.chunks(PIECE).chain(scores.bodies.chunks(PIECE)) {
        for (bytes, value) in piece.iter_mut().zip(values) {
            *bytes = value.to_le_bytes();
        }
        write(piece[..values.len()].as_flattened())?;
    }
    Ok(())
}

/// Reads what follows the header of scores; its length has been checked, and every value is good.
pub(crate) fn read_scores(message: (Header, &[u8])) -> EncryptedScores {
    let (header, rest) = message;
    let (masks, bodies) = rest.split_at(header.blocks() * DEGREE * SCORE_LEN);
    EncryptedScores { header, masks: read_words(masks), bodies: read_words(bodies) }
}

fn read_words(bytes: &[u8]) -> Vec<u32> {
    let (words, _) = bytes.as_chunks::<SCORE_LEN>();
    words.iter().map(|word| u32::from_le_bytes(*word)).collect()
}
