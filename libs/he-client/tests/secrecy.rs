//! A ciphertext looks like random numbers, and only its key makes anything else of it.
//!
//! The thresholds of χ² are fixed: a right implementation exceeds 80 with 15 degrees of freedom with
//! a probability below 10^-10, and 180 with 63 degrees of freedom with one below 10^-12.

use fhe_math::rq::{Context, Poly, Representation, traits::TryConvertFrom as _};
use he::{Content, DEGREE, Group, Layout, MODULUS, MODULUS_BITS, Matrix, SEED_LEN};
use he_client::SecretKey;

const HEADER: usize = 10;
const BODY: usize = DEGREE * MODULUS_BITS as usize / 8;

/// How far the numbers of samples in equally likely bins are from being equal.
fn chi_squared(bins: impl Iterator<Item = usize>, count: usize) -> f64 {
    let mut counts = vec![0u32; count];
    bins.for_each(|bin| counts[bin] += 1);
    let expected = f64::from(counts.iter().sum::<u32>()) / count as f64;
    assert!(expected >= 50.0, "too few samples for the distribution to be that of χ²");
    counts.iter().map(|count| (f64::from(*count) - expected).powi(2) / expected).sum()
}

/// The coefficients of the second polynomial of every ciphertext, read from the definition.
fn bodies(message: &[u8]) -> Vec<u64> {
    let ciphertexts = message[HEADER..].chunks_exact(SEED_LEN + BODY);
    let bit = |bytes: &[u8], at: usize| u64::from(bytes[at / 8] >> (at % 8) & 1);
    ciphertexts
        .flat_map(|ciphertext| {
            let body = &ciphertext[SEED_LEN..];
            let width = MODULUS_BITS as usize;
            (0..DEGREE).map(move |index| {
                (0..width).fold(0, |value, at| value | bit(body, index * width + at) << at)
            })
        })
        .collect()
}

/// The same polynomials before their transform, in which a small error would be small.
fn untransformed(bodies: &[u64]) -> Vec<u64> {
    let context = Context::new_arc(&[MODULUS], DEGREE).expect("the parameters");
    let polynomials = bodies.chunks_exact(DEGREE).map(|body| {
        let values = body.to_vec();
        Poly::try_convert_from(values, &context, false, Representation::Ntt).expect("a polynomial")
    });
    polynomials
        .flat_map(|mut polynomial| {
            polynomial.change_representation(Representation::PowerBasis);
            polynomial.coefficients().iter().copied().collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn two_encryptions_of_one_vector_differ_everywhere() {
    let key = SecretKey::generate();
    let [first, second] = [(); 2].map(|()| key.encrypt(&[1; 100]).unwrap().to_bytes());
    assert_eq!(first[..HEADER], second[..HEADER]);
    let seeds = |message: &[u8]| {
        let ciphertexts = message[HEADER..].chunks_exact(SEED_LEN + BODY);
        ciphertexts.map(|ciphertext| ciphertext[..SEED_LEN].to_vec()).collect::<Vec<_>>()
    };
    let mut all = [seeds(&first), seeds(&second)].concat();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 8, "every ciphertext has a seed of its own");
    // Two uniform coefficients are equal with probability 2^-41.
    let (left, right) = (bodies(&first), bodies(&second));
    assert_eq!(left.len(), 4 * DEGREE);
    assert!(left.iter().zip(&right).all(|(a, b)| a != b));
}

#[test]
fn no_byte_of_the_seeds_stays_the_same() {
    let layout = Layout::scores(Group::ALL[0]);
    let message = SecretKey::generate().encrypt_in(&[1; 64], layout).unwrap().to_bytes();
    let ciphertexts: Vec<_> = message[HEADER..].chunks_exact(SEED_LEN + BODY).collect();
    assert_eq!(ciphertexts.len(), 64);
    // 64 random bytes are all equal with probability 2^-504.
    for place in 0..SEED_LEN {
        let first = ciphertexts[0][place];
        assert!(ciphertexts.iter().any(|ciphertext| ciphertext[place] != first), "byte {place}");
    }
}

#[test]
fn the_coefficients_of_a_ciphertext_are_uniform_whatever_is_encrypted() {
    let layout = Layout::scores(Group::ALL[0]);
    for vector in [[0; 32], [127; 32]] {
        let key = SecretKey::generate();
        let transformed = bodies(&key.encrypt_in(&vector, layout).unwrap().to_bytes());
        for values in [untransformed(&transformed), transformed] {
            assert_eq!(values.len(), 32 * DEGREE);
            let upper = |value: &u64| (u128::from(*value) * 64 / u128::from(MODULUS)) as usize;
            let upper = chi_squared(values.iter().map(upper), 64);
            let lower = chi_squared(values.iter().map(|value| (value % 64) as usize), 64);
            assert!(upper < 180.0 && lower < 180.0, "χ² is {upper} and {lower}");
        }
    }
}

#[test]
fn a_wrong_key_decrypts_to_uniform_noise() {
    let rows: Vec<Vec<i64>> = (0..2048).map(|row| vec![row % 256, 1]).collect();
    for (content, bits) in [(Content::Scores, 20), (Content::Records, 8)] {
        let layout = Layout { group: Group::ALL[0], content };
        let key = SecretKey::generate();
        let vector = key.encrypt_in(&[2, 7], layout).unwrap();
        let scores = Matrix::with_layout(&rows, layout).unwrap().apply(&vector).unwrap();
        // The upper four bits of every integer, modulo the plaintext modulus.
        let bins = |key: &SecretKey| {
            let values = key.decrypt(&scores).unwrap();
            let upper = move |value: i64| (value.rem_euclid(1 << bits) >> (bits - 4)) as usize;
            chi_squared(values.into_iter().map(upper), 16)
        };
        let noise = bins(&SecretKey::generate());
        assert!(noise < 80.0, "{content}: χ² is {noise}");
        if content == Content::Scores {
            // The right key tells that the integers are all small: everything in one bin.
            assert_eq!(bins(&key), 15.0 * 2048.0);
        }
    }
}
