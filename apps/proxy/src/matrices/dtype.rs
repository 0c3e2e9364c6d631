//! The types that entries may have in a file.

/// A type of entries, little-endian.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dtype {
    I8,
    I16,
    I32,
    I64,
    U8,
    F32,
    F64,
}

/// An entry as it is in the file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Entry {
    Integer(i64),
    Float(f64),
}

impl Entry {
    pub(super) fn is_zero(self) -> bool {
        matches!(self, Self::Integer(0)) || matches!(self, Self::Float(float) if float == 0.0)
    }
}

impl Dtype {
    /// Bytes of an entry.
    pub(super) fn size(self) -> usize {
        match self {
            Self::I8 | Self::U8 => 1,
            Self::I16 => 2,
            Self::I32 | Self::F32 => 4,
            Self::I64 | Self::F64 => 8,
        }
    }

    pub(super) fn is_float(self) -> bool {
        matches!(self, Self::F32 | Self::F64)
    }

    /// The entry in the first bytes, of which there are at least [`Dtype::size`].
    pub(super) fn read(self, bytes: &[u8]) -> Entry {
        match self {
            Self::I8 => Entry::Integer(i8::from_le_bytes(first(bytes)).into()),
            Self::U8 => Entry::Integer(u8::from_le_bytes(first(bytes)).into()),
            Self::I16 => Entry::Integer(i16::from_le_bytes(first(bytes)).into()),
            Self::I32 => Entry::Integer(i32::from_le_bytes(first(bytes)).into()),
            Self::I64 => Entry::Integer(i64::from_le_bytes(first(bytes))),
            Self::F32 => Entry::Float(f32::from_le_bytes(first(bytes)).into()),
            Self::F64 => Entry::Float(f64::from_le_bytes(first(bytes))),
        }
    }
}

fn first<const N: usize>(bytes: &[u8]) -> [u8; N] {
    let mut array = [0; N];
    array.copy_from_slice(&bytes[..N]);
    array
}
