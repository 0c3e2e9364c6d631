//! The byte form of ciphertexts.
//!
//! ```text
//! "HLP1" | kind u8 | entries u32 little-endian | ciphertext …
//! ```
//!
//! A ciphertext is two polynomials of 2048 coefficients in the transform domain, 41 bits each,
//! without padding. The number of ciphertexts follows from the header, so a message has exactly
//! one length and one reading; anything else is refused.

use crate::bits;
use crate::error::{Error, WireError};
use crate::ring::{Ciphertext, DEGREE, MODULUS, MODULUS_BITS};

const MARK: &[u8; 4] = b"HLP1";
const HEADER_LEN: usize = MARK.len() + 1 + 4;
const POLYNOMIAL_LEN: usize = DEGREE * MODULUS_BITS as usize / 8;
const CIPHERTEXT_LEN: usize = 2 * POLYNOMIAL_LEN;

/// What tells one message from the other.
pub(crate) struct Shape {
    /// The byte after the mark.
    pub(crate) kind: u8,
    /// Largest number of entries.
    pub(crate) maximum: usize,
    /// Entries in one ciphertext.
    pub(crate) per_ciphertext: usize,
}

impl Shape {
    /// Length in bytes of a message with this many entries.
    pub(crate) fn wire_len(&self, entries: usize) -> usize {
        HEADER_LEN + entries.div_ceil(self.per_ciphertext) * CIPHERTEXT_LEN
    }

    /// Writes a message. `entries` is within `maximum`, hence within `u32`.
    pub(crate) fn write(&self, entries: usize, ciphertexts: &[Ciphertext]) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.wire_len(entries));
        bytes.extend_from_slice(MARK);
        bytes.push(self.kind);
        bytes.extend_from_slice(&(entries as u32).to_le_bytes());
        for polynomial in ciphertexts.iter().flat_map(Ciphertext::polynomials) {
            bits::pack(&polynomial, MODULUS_BITS, &mut bytes);
        }
        bytes
    }

    /// Reads a message: its number of entries and its ciphertexts.
    pub(crate) fn read(&self, bytes: &[u8]) -> Result<(usize, Vec<Ciphertext>), Error> {
        let entries = self.read_header(bytes)?;
        let ciphertexts = bytes[HEADER_LEN..]
            .chunks_exact(CIPHERTEXT_LEN)
            .enumerate()
            .map(|(index, chunk)| {
                let (left, right) = chunk.split_at(POLYNOMIAL_LEN);
                let left = read_polynomial(2 * index, left)?;
                let right = read_polynomial(2 * index + 1, right)?;
                Ciphertext::from_polynomials([left, right])
            })
            .collect::<Result<_, Error>>()?;
        Ok((entries, ciphertexts))
    }

    /// Checks everything but the coefficients, before any memory is taken for them.
    fn read_header(&self, bytes: &[u8]) -> Result<usize, WireError> {
        let actual = bytes.len();
        let Some((header, _)) = bytes.split_first_chunk::<HEADER_LEN>() else {
            return Err(WireError::Truncated { actual, minimum: HEADER_LEN });
        };
        let [m0, m1, m2, m3, kind, entries @ ..] = *header;
        if [m0, m1, m2, m3] != *MARK {
            return Err(WireError::Format);
        }
        if kind != self.kind {
            return Err(WireError::Kind { actual: kind, expected: self.kind });
        }
        let entries = u32::from_le_bytes(entries) as usize;
        if entries == 0 || entries > self.maximum {
            return Err(WireError::Count { actual: entries, maximum: self.maximum });
        }
        let expected = self.wire_len(entries);
        if actual != expected {
            return Err(WireError::Length { actual, expected });
        }
        Ok(entries)
    }
}

fn read_polynomial(polynomial: usize, bytes: &[u8]) -> Result<Vec<u64>, WireError> {
    let coefficients = bits::unpack(bytes, MODULUS_BITS);
    match coefficients.iter().position(|coefficient| *coefficient >= MODULUS) {
        Some(index) => Err(WireError::Coefficient { polynomial, index }),
        None => Ok(coefficients),
    }
}
