//! What has to hold for any bytes at all: `fuzz/` tries it with a fuzzer, `main.rs` with stored bytes.
//!
//! A target panics where something does not hold.

use he::{Content, EncryptedScores, EncryptedVector, Error, Group, Layout, Matrix, WireError};

/// Rows of the matrices that whatever parses is multiplied by.
const ROWS: usize = 3;

/// Largest number of ciphertexts of a vector that `message` makes.
const CIPHERTEXTS: usize = 3;

/// Largest number of scores that `message` makes.
const SCORES: usize = 600;

/// Bytes that may be an encrypted vector.
pub(crate) fn vector(bytes: &[u8]) {
    let Ok(vector) = EncryptedVector::from_bytes(bytes) else { return };
    assert!(vector.to_bytes() == bytes, "one vector has two byte forms");
    apply(&vector);
}

/// Bytes that may be encrypted scores.
pub(crate) fn scores(bytes: &[u8]) {
    let Ok(scores) = EncryptedScores::from_bytes(bytes) else { return };
    assert!(scores.to_bytes() == bytes, "scores have two byte forms");
}

/// Bytes that a well-formed message is made from, since chance finds no message of the right length.
///
/// The first four choose the kind, the group and the number of entries; the others, repeated, are the
/// body.
pub(crate) fn message(bytes: &[u8]) {
    let Some(([kind, group, low, high], pattern)) = bytes.split_first_chunk::<4>() else { return };
    let group = Group::ALL[usize::from(*group) % Group::ALL.len()];
    let content = if kind & 2 == 0 { Content::Scores } else { Content::Records };
    let layout = Layout { group, content };
    let entries = usize::from(u16::from_le_bytes([*low, *high]));
    if kind & 1 == 0 {
        let entries = entries % (CIPHERTEXTS * group.entries()) + 1;
        let length = EncryptedVector::wire_len_in(entries, layout);
        let message = filled(1 + (kind & 2), group, entries, length, pattern);
        match EncryptedVector::from_bytes(&message) {
            Ok(read) => assert_eq!((read.dimension(), read.layout()), (entries, layout)),
            Err(Error::Wire(WireError::Coefficient { .. })) => {}
            Err(error) => panic!("a well-formed vector is refused: {error}"),
        }
        vector(&message);
    } else {
        let entries = entries % SCORES + 1;
        let length = EncryptedScores::wire_len_in(entries, layout);
        let message = filled(2 + (kind & 2), group, entries, length, pattern);
        let read = EncryptedScores::from_bytes(&message).expect("well-formed scores are read");
        assert_eq!((read.rows(), read.layout()), (entries, layout));
        scores(&message);
    }
}

fn filled(kind: u8, group: Group, entries: usize, length: usize, pattern: &[u8]) -> Vec<u8> {
    let mut message = b"HLP1".to_vec();
    message.extend([kind, group.entries() as u8]);
    message.extend((entries as u32).to_le_bytes());
    message.extend(pattern.iter().cycle().take(length - message.len()));
    message.resize(length, 0);
    message
}

/// Whatever parses has a product with a matrix that fits.
fn apply(vector: &EncryptedVector) {
    let rows = vec![vec![1; vector.dimension()]; ROWS];
    let matrix = Matrix::with_layout(&rows, vector.layout()).expect("the matrix is acceptable");
    let product = matrix.apply(vector).expect("a vector that parses has a product");
    assert_eq!((product.rows(), product.layout()), (ROWS, vector.layout()));
    assert_eq!(EncryptedScores::from_bytes(&product.to_bytes()), Ok(product));
}
