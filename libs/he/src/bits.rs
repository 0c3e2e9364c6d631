//! Dense packing of fixed-width unsigned integers, least significant bit first.

/// Appends the low `width` bits of every value to `bytes`.
///
/// `values.len() * width` must be a multiple of 8, so that nothing is padded and every byte
/// string has exactly one reading.
pub(crate) fn pack(values: &[u64], width: u32, bytes: &mut Vec<u8>) {
    debug_assert_eq!(values.len() * width as usize % 8, 0);
    let (mut pending, mut filled) = (0u128, 0u32);
    for value in values {
        pending |= u128::from(*value) << filled;
        filled += width;
        while filled >= 8 {
            bytes.push((pending & 0xff) as u8);
            pending >>= 8;
            filled -= 8;
        }
    }
}

/// Reads back the values written by [`pack`]; `bytes` must hold whole values.
pub(crate) fn unpack(bytes: &[u8], width: u32) -> Vec<u64> {
    debug_assert_eq!(bytes.len() * 8 % width as usize, 0);
    let mask = (1u128 << width) - 1;
    let mut values = Vec::with_capacity(bytes.len() * 8 / width as usize);
    let (mut pending, mut filled) = (0u128, 0u32);
    for byte in bytes {
        pending |= u128::from(*byte) << filled;
        filled += 8;
        if filled >= width {
            values.push((pending & mask) as u64);
            pending >>= width;
            filled -= width;
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_layout_is_little_endian_without_padding() {
        let mut bytes = Vec::new();
        pack(&[0b1, 0b10, 0b11, 0, 0, 0, 0, 0b100_0000_0001], 11, &mut bytes);
        assert_eq!(bytes, [0x01, 0x10, 0xc0, 0, 0, 0, 0, 0, 0, 0x20, 0x80]);
    }

    proptest! {
        #[test]
        fn unpacking_reverses_packing(values in prop::collection::vec(0u64..1 << 41, 0..8)) {
            let values: Vec<u64> = values.iter().copied().cycle().take(values.len() * 8).collect();
            let mut bytes = Vec::new();
            pack(&values, 41, &mut bytes);
            prop_assert_eq!(bytes.len(), values.len() * 41 / 8);
            prop_assert_eq!(unpack(&bytes, 41), values);
        }
    }
}
