//! Bytes from outside are read strictly and never cause a panic.

use std::sync::LazyLock;

use he::{
    Content, EncryptedScores, EncryptedVector, Error, Group, Layout, MAX_DIMENSION, MAX_ROWS,
    Matrix, WireError,
};
use he_client::SecretKey;
use proptest::prelude::*;

const HEADER: usize = 10;
const SEED: usize = 32;

/// Bytes of an encrypted vector with 40 entries: a header and two ciphertexts.
static VECTOR: LazyLock<Vec<u8>> = LazyLock::new(|| {
    SecretKey::generate().encrypt(&[1; 40]).expect("the vector is acceptable").to_bytes()
});

static MATRIX: LazyLock<Matrix> =
    LazyLock::new(|| Matrix::new(&[vec![3; 40], vec![-2; 40]]).expect("the matrix is acceptable"));

/// A valid message of every kind: two ciphertexts, and a block with two integers.
static MESSAGES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let message = |content| {
        let layout = Layout { content, ..Layout::default() };
        let vector = SecretKey::generate().encrypt_in(&[1; 40], layout).expect("acceptable");
        let matrix = Matrix::with_layout(&[vec![3; 40], vec![2; 40]], layout).expect("acceptable");
        [vector.to_bytes(), matrix.apply(&vector).expect("it fits").to_bytes()]
    };
    [message(Content::Scores), message(Content::Records)].concat()
});

fn refusal(bytes: &[u8]) -> WireError {
    match EncryptedVector::from_bytes(bytes) {
        Err(Error::Wire(error)) => error,
        other => panic!("expected a wire error, got {other:?}"),
    }
}

fn with(change: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut bytes = VECTOR.clone();
    change(&mut bytes);
    bytes
}

#[test]
fn the_length_is_known_before_encrypting() {
    assert_eq!(VECTOR.len(), EncryptedVector::wire_len(40));
    assert_eq!(EncryptedVector::wire_len(1), HEADER + 10_528);
    assert_eq!(EncryptedVector::wire_len(33), HEADER + 2 * 10_528);
    assert_eq!(EncryptedScores::wire_len(65), HEADER + 2 * 8192 + 65 * 4);
    let layout = Layout::scores(Group::new(4).unwrap());
    assert_eq!(EncryptedVector::wire_len_in(384, layout), HEADER + 1_010_688);
    assert_eq!(EncryptedScores::wire_len_in(8192, layout), HEADER + 163_840);
}

#[test]
fn bytes_that_end_in_the_header_are_refused() {
    for actual in 0..HEADER {
        let error = WireError::Truncated { actual, minimum: HEADER };
        assert_eq!(refusal(&VECTOR[..actual]), error);
    }
}

#[test]
fn another_format_is_refused() {
    for (position, value) in [(0, b'h'), (2, 0), (3, b'x'), (3, 0)] {
        assert_eq!(refusal(&with(|bytes| bytes[position] = value)), WireError::Format);
    }
}

#[test]
fn another_version_is_named_however_short_the_message_is() {
    for version in [0, 2, 9] {
        let bytes = with(|bytes| bytes[3] = b'0' + version);
        let error = WireError::Version { actual: version };
        assert_eq!((refusal(&bytes), refusal(&bytes[..4])), (error, error));
        assert_eq!(EncryptedScores::from_bytes(&bytes), Err(Error::Wire(error)));
    }
}

#[test]
fn another_kind_is_refused() {
    for actual in (0..=u8::MAX).filter(|kind| ![1, 3].contains(kind)) {
        let error = WireError::Kind { actual, expected: [1, 3] };
        assert_eq!(refusal(&with(|bytes| bytes[4] = actual)), error);
    }
}

#[test]
fn the_kind_says_what_the_integers_are() {
    let content = |kind: u8| {
        let bytes = with(|bytes| bytes[4] = kind);
        EncryptedVector::from_bytes(&bytes).map(|vector| vector.layout().content)
    };
    assert_eq!((content(1), content(3)), (Ok(Content::Scores), Ok(Content::Records)));
}

#[test]
fn a_group_that_is_none_is_refused() {
    for group in (0..=u8::MAX).filter(|group| ![1, 2, 4, 8, 16, 32].contains(group)) {
        assert_eq!(refusal(&with(|bytes| bytes[5] = group)), WireError::Group { actual: group });
    }
}

#[test]
fn another_group_needs_another_length() {
    let (actual, expected) =
        (VECTOR.len(), EncryptedVector::wire_len_in(40, Layout::scores(Group::ALL[0])));
    let error = WireError::Length { actual, expected };
    assert_eq!(refusal(&with(|bytes| bytes[5] = 1)), error);
}

#[test]
fn a_count_of_zero_or_beyond_the_maximum_is_refused_whatever_the_length() {
    for (count, actual) in [(0, 0), (4097, 4097), (u32::MAX, u32::MAX as usize)] {
        let bytes = with(|bytes| bytes[6..10].copy_from_slice(&u32::to_le_bytes(count)));
        assert_eq!(refusal(&bytes), WireError::Count { actual, maximum: MAX_DIMENSION });
    }
    let mut bytes = vec![0; HEADER];
    bytes[..6].copy_from_slice(b"HLP1\x02\x20");
    bytes[6..10].copy_from_slice(&u32::MAX.to_le_bytes());
    let error = WireError::Count { actual: u32::MAX as usize, maximum: MAX_ROWS };
    assert_eq!(EncryptedScores::from_bytes(&bytes), Err(Error::Wire(error)));
}

#[test]
fn a_missing_and_an_extra_byte_are_refused() {
    let expected = VECTOR.len();
    for actual in [HEADER, expected - 1, expected + 1] {
        let bytes = with(|bytes| bytes.resize(actual, 0));
        assert_eq!(refusal(&bytes), WireError::Length { actual, expected });
    }
}

#[test]
fn a_coefficient_that_is_not_reduced_is_refused_and_named() {
    // The last 41 bits of the message set to 1: 2^41 - 1 is above the modulus.
    let bytes = with(|bytes| {
        let start = bytes.len() - 5;
        bytes[start..].fill(0xff);
        bytes[start - 1] |= 0x80;
    });
    assert_eq!(refusal(&bytes), WireError::Coefficient { polynomial: 1, index: 2047 });
}

#[test]
fn the_modulus_itself_is_refused_and_one_less_is_accepted() {
    let first_coefficient = |value: u64| {
        with(|bytes| {
            let low = value.to_le_bytes();
            let body = HEADER + SEED;
            bytes[body..body + 5].copy_from_slice(&low[..5]);
            bytes[body + 5] = bytes[body + 5] & 0xfe | low[5];
        })
    };
    let modulus = 2_199_000_186_881;
    let error = WireError::Coefficient { polynomial: 0, index: 0 };
    assert_eq!(refusal(&first_coefficient(modulus)), error);
    assert!(EncryptedVector::from_bytes(&first_coefficient(modulus - 1)).is_ok());
}

/// Reads, and uses what was read; the outcome matters only in that there is one.
fn survives(bytes: &[u8]) -> Result<(), TestCaseError> {
    if let Ok(vector) = EncryptedVector::from_bytes(bytes) {
        prop_assert_eq!(vector.to_bytes(), bytes, "one message has one byte form");
        if let Ok(scores) = MATRIX.apply(&vector) {
            prop_assert!(SecretKey::generate().decrypt(&scores).is_ok());
        }
    }
    if let Ok(scores) = EncryptedScores::from_bytes(bytes) {
        prop_assert_eq!(scores.to_bytes(), bytes, "one message has one byte form");
        prop_assert!(SecretKey::generate().decrypt(&scores).is_ok());
    }
    Ok(())
}

#[test]
fn every_kind_of_message_is_read_back() {
    for (bytes, kind) in MESSAGES.iter().zip([1, 2, 3, 4]) {
        assert_eq!(bytes[4], kind);
        let content = if kind < 3 { Content::Scores } else { Content::Records };
        let (vector, scores) =
            (EncryptedVector::from_bytes(bytes), EncryptedScores::from_bytes(bytes));
        let layout = match kind % 2 {
            1 => vector.unwrap().layout(),
            _ => scores.unwrap().layout(),
        };
        assert_eq!(layout.content, content);
    }
}

#[test]
fn parts_that_are_no_message_are_refused_as_their_bytes_would_be() {
    let from = |dimension, seeds: usize, values: usize, value| {
        let parts = (vec![[0; SEED]; seeds], vec![value; values]);
        match EncryptedVector::from_parts(dimension, Layout::default(), parts.0, parts.1) {
            Err(Error::Wire(error)) => error,
            other => panic!("expected a wire error, got {other:?}"),
        }
    };
    let maximum = MAX_DIMENSION;
    assert_eq!(from(0, 0, 0, 0), WireError::Count { actual: 0, maximum });
    assert_eq!(from(usize::MAX, 1, 2048, 0), WireError::Count { actual: usize::MAX, maximum });
    for (seeds, values) in [(0, 0), (1, 0), (1, 2047), (1, 4096), (2, 2048), (2, 4096)] {
        assert!(matches!(from(7, seeds, values, 0), WireError::Length { .. }));
    }
    let error = WireError::Coefficient { polynomial: 0, index: 0 };
    assert_eq!(from(7, 1, 2048, u64::MAX), error);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        survives(&bytes)?;
    }

    #[test]
    fn mutated_messages_never_panic(
        message in 0..4usize,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        header in prop::option::of((0..HEADER, any::<u8>())),
        length in prop::option::weighted(0.2, any::<prop::sample::Index>()),
    ) {
        let mut bytes = MESSAGES[message].clone();
        for (position, value) in changes {
            let position = position.index(bytes.len());
            bytes[position] = value;
        }
        if let Some((position, value)) = header {
            bytes[position] = value;
        }
        if let Some(length) = length {
            bytes.truncate(length.index(bytes.len()));
        }
        survives(&bytes)?;
    }
}
