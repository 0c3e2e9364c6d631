//! Encrypted vectors without a key.

use he::EncryptedVector;

use crate::Case;

/// Bytes of an encrypted vector with a body that has every other bit set: all coefficients are valid.
pub(crate) fn request(case: Case) -> Vec<u8> {
    let mut bytes = b"HLP1".to_vec();
    let kind = match case.layout.content {
        he::Content::Scores => 1,
        he::Content::Records => 3,
    };
    bytes.extend([kind, case.layout.group.entries() as u8]);
    bytes.extend((case.columns as u32).to_le_bytes());
    bytes.resize(EncryptedVector::wire_len_in(case.columns, case.layout), 0x55);
    bytes
}

/// The same, read.
pub(crate) fn vector(case: Case) -> EncryptedVector {
    EncryptedVector::from_bytes(&request(case)).expect("the request is well-formed")
}
