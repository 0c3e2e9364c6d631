//! Dense packing of 41-bit integers, least significant bit first.
//!
//! Eight values take 41 bytes, so a polynomial is packed without padding and every byte string has
//! exactly one reading.

use crate::parameters::MODULUS_BITS;

const VALUES: usize = 8;
const BYTES: usize = MODULUS_BITS as usize;

/// Appends the low 41 bits of every value to `bytes`; the number of values is a multiple of 8.
pub(crate) fn pack(values: &[u64], bytes: &mut Vec<u8>) {
    debug_assert_eq!(values.len() % VALUES, 0);
    for values in values.as_chunks::<VALUES>().0 {
        let (mut packed, mut words) = ([0u8; BYTES], 0..BYTES / 8);
        let (mut window, mut filled) = (0u128, 0);
        for value in values {
            window |= u128::from(*value) << filled;
            filled += MODULUS_BITS;
            if filled >= u64::BITS
                && let Some(word) = words.next()
            {
                packed[word * 8..word * 8 + 8].copy_from_slice(&(window as u64).to_le_bytes());
                (window, filled) = (window >> u64::BITS, filled - u64::BITS);
            }
        }
        // Eight values fill five words and a byte.
        packed[BYTES - 1] = window as u8;
        bytes.extend_from_slice(&packed);
    }
}

/// Appends the values written by [`pack`] to `values`; `bytes` holds whole groups of 8 values.
pub(crate) fn unpack(bytes: &[u8], values: &mut Vec<u64>) {
    debug_assert_eq!(bytes.len() % BYTES, 0);
    let mask = (1u64 << MODULUS_BITS) - 1;
    for packed in bytes.as_chunks::<BYTES>().0 {
        let mut padded = [0u8; BYTES + 7];
        padded[..BYTES].copy_from_slice(packed);
        let window = |index: usize| {
            let (start, shift) = (index * BYTES / 8, index * BYTES % 8);
            let mut word = [0u8; 8];
            word.copy_from_slice(&padded[start..start + 8]);
            u64::from_le_bytes(word) >> shift & mask
        };
        values.extend_from_slice(&[0, 1, 2, 3, 4, 5, 6, 7].map(window));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_layout_is_little_endian_without_padding() {
        let mut bytes = Vec::new();
        pack(&[1, 0b11, 0, 0, 0, 0, 0, (1 << 41) - 1], &mut bytes);
        let mut expected = [0u8; 41];
        expected[0] = 1;
        expected[5] = 0b110;
        expected[35] = 0x80;
        expected[36..].fill(0xff);
        assert_eq!(bytes, expected);
    }

    proptest! {
        #[test]
        fn unpacking_reverses_packing(
            chunks in prop::collection::vec(prop::array::uniform8(0u64..1 << 41), 0..4),
        ) {
            let values = chunks.concat();
            let mut bytes = Vec::new();
            pack(&values, &mut bytes);
            prop_assert_eq!(bytes.len(), values.len() * 41 / 8);
            let mut again = Vec::new();
            unpack(&bytes, &mut again);
            prop_assert_eq!(again, values);
        }
    }
}
