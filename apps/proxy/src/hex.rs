//! Bytes as hexadecimal digits.

use std::fmt;

/// Bytes that are shown as lower-case digits.
pub(crate) struct Hex<'a>(pub(super) &'a [u8]);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

/// Exactly `N` bytes as digits of either case.
pub(crate) fn decode<const N: usize>(digits: &[u8]) -> Option<[u8; N]> {
    if digits.len() != 2 * N {
        return None;
    }
    let value = |digit: u8| char::from(digit).to_digit(16).and_then(|value| value.try_into().ok());
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let (high, low): (u8, u8) = (value(pair[0])?, value(pair[1])?);
        *byte = high << 4 | low;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_read_back() {
        let bytes = [0x00, 0x7f, 0xab, 0xff];
        assert_eq!(Hex(&bytes).to_string(), "007fabff");
        assert_eq!(decode(b"007fABff"), Some(bytes));
    }

    #[test]
    fn too_few_too_many_and_other_characters_are_refused() {
        for digits in ["", "00", "00000", "+1+2", "0x01", "zz00", "00é"] {
            assert_eq!(decode::<2>(digits.as_bytes()), None, "{digits}");
        }
    }
}
