//! The one module that knows the crate `fhe`.
//!
//! It makes keys and decrypts. Its own encryption repeats the transform of the key for every
//! ciphertext and rounds negative integers away from themselves, so [`Key::encrypt`] puts the same
//! steps together from the polynomials of `fhe-math`. Its deserialization accepts unreduced
//! coefficients and other shapes that panic later, so the wire is that of the crate `he`.

use std::sync::{Arc, LazyLock};

use fhe::bfv::{self, BfvParameters, BfvParametersBuilder, Encoding};
use fhe::proto;
use fhe_math::rq::{Context, Poly, Representation, traits::TryConvertFrom};
use fhe_traits::{FheDecoder, FheDecrypter};
use fhe_util::sample_vec_cbd;
use he::{Content, DEGREE, Error, MODULUS, SEED_LEN, VARIANCE};
use rand::TryRngCore as _;
use rand::rngs::OsRng;
use zeroize::Zeroizing;

/// That of scores. Records are the upper bits of it: the modulus of the ciphertexts is 1 modulo
/// both, so a multiple of 2^12 is encrypted as its quotient would be under 2^8.
const PLAINTEXT_MODULUS: u64 = 1 << Content::Scores.plaintext_bits();

static PARAMETERS: LazyLock<Arc<BfvParameters>> = LazyLock::new(|| {
    BfvParametersBuilder::new()
        .set_degree(DEGREE)
        .set_moduli(&[MODULUS])
        .set_plaintext_modulus(PLAINTEXT_MODULUS)
        .set_variance(VARIANCE)
        .build_arc()
        .expect("the parameters are constants that a test builds")
});

/// A secret key; its memory is wiped when it is dropped.
pub(crate) struct Key {
    secret: bfv::SecretKey,
    /// Its polynomial, ready to be multiplied with.
    factor: Zeroizing<Poly>,
}

/// A ciphertext as the key makes it: the seed of one polynomial, and the other one transformed.
pub(crate) struct Fresh {
    pub(crate) seed: [u8; SEED_LEN],
    pub(crate) body: Vec<u64>,
}

impl Key {
    pub(crate) fn random() -> Self {
        Self::new(bfv::SecretKey::random(&PARAMETERS, &mut rand::rng()))
    }

    fn new(secret: bfv::SecretKey) -> Self {
        let coefficients = Zeroizing::new(proto::bfv::SecretKey::from(&secret).coeffs);
        let mut factor = Zeroizing::new(small(&coefficients));
        factor.change_representation(Representation::NttShoup);
        Self { secret, factor }
    }

    /// The key with these small coefficients: for known answers, never for a secret.
    #[cfg(test)]
    #[expect(clippy::disallowed_methods, reason = "the bytes are made here")]
    pub(crate) fn from_coefficients(coefficients: &[i8]) -> Result<Self, Error> {
        // Field 1, packed: 2048 zigzag varints of one byte each.
        let mut bytes = vec![0x0a, 0x80, 0x10];
        bytes.extend(coefficients.iter().map(|value| ((value << 1) ^ (value >> 7)) as u8));
        let key = fhe_traits::DeserializeParametrized::from_bytes(&bytes, &PARAMETERS);
        Ok(Self::new(key.map_err(defect)?))
    }

    /// The reverse of [`Key::from_coefficients`].
    #[cfg(test)]
    pub(crate) fn coefficients(&self) -> Vec<i64> {
        proto::bfv::SecretKey::from(&self.secret).coeffs
    }

    /// The secret as it is multiplied with.
    #[cfg(all(test, target_os = "linux"))]
    pub(crate) fn factor(&self) -> Zeroizing<Vec<u64>> {
        Zeroizing::new(self.factor.coefficients().iter().copied().collect())
    }

    /// The coefficients of the product of the secret and a public polynomial.
    #[cfg(test)]
    pub(crate) fn times(&self, coefficients: Vec<u64>) -> Vec<u64> {
        let mut product = transformed(coefficients).unwrap();
        product *= self.factor.as_ref();
        product.change_representation(Representation::PowerBasis);
        product.coefficients().iter().copied().collect()
    }

    /// Encrypts at most `DEGREE` integers: `e + q·m/t - a·s`, and the seed of `a`.
    ///
    /// The seed is public and comes from the operating system itself. The error comes from a
    /// generator that the operating system seeds; nothing that it gives is ever public.
    pub(crate) fn encrypt(&self, integers: &[i64], content: Content) -> Result<Fresh, Error> {
        let mut seed = [0; SEED_LEN];
        OsRng.try_fill_bytes(&mut seed).map_err(defect)?;
        let mut masked =
            Zeroizing::new(Poly::random_from_seed(context(), Representation::Ntt, seed));
        *masked.as_mut() *= self.factor.as_ref();

        let error = sample_vec_cbd(DEGREE, VARIANCE, &mut rand::rng());
        let mut noisy = Zeroizing::new(error.map_err(|error| Error::Arithmetic(error.to_owned()))?);
        for (value, integer) in noisy.iter_mut().zip(integers) {
            *value += encode(*integer, content);
        }
        let mut body = Zeroizing::new(small(&noisy));
        body.change_representation(Representation::Ntt);
        *body.as_mut() -= masked.as_ref();
        Ok(Fresh { seed, body: body.coefficients().iter().copied().collect() })
    }

    /// All `DEGREE` coefficients, centred around 0, of a ciphertext given by its coefficients.
    pub(crate) fn decrypt(&self, mask: Vec<u64>, body: Vec<u64>) -> Result<Vec<i64>, Error> {
        let parts = [body, mask].into_iter().map(transformed).collect::<Result<_, _>>()?;
        let ciphertext = bfv::Ciphertext::new(parts, &PARAMETERS).map_err(defect)?;
        let plaintext = self.secret.try_decrypt(&ciphertext).map_err(defect)?;
        Vec::<i64>::try_decode(&plaintext, Encoding::poly()).map_err(defect)
    }
}

/// `q·m/t` for the integer m, rounded: its distance from that is `m/t`, at most 1/2.
///
/// Shifts take the same time for every integer: these leave what it is modulo t, around 0.
fn encode(integer: i64, content: Content) -> i64 {
    let (bits, beyond) = (content.plaintext_bits(), i64::BITS - content.plaintext_bits());
    let centred = integer << beyond >> beyond;
    centred * (MODULUS >> bits) as i64
}

/// What polynomials are made in.
pub(crate) fn context() -> &'static Arc<Context> {
    PARAMETERS.context_at_level(0).expect("level 0 is that of fresh ciphertexts")
}

/// The polynomial with these signed coefficients, which are secret.
fn small(coefficients: &[i64]) -> Poly {
    Poly::try_convert_from(coefficients, context(), false, Representation::PowerBasis)
        .expect("a polynomial has room for all of them")
}

/// The transform of public coefficients.
fn transformed(coefficients: Vec<u64>) -> Result<Poly, Error> {
    let form = Representation::PowerBasis;
    let mut polynomial =
        Poly::try_convert_from(coefficients, context(), false, form).map_err(defect)?;
    polynomial.change_representation(Representation::Ntt);
    Ok(polynomial)
}

fn defect(error: impl std::error::Error) -> Error {
    Error::Arithmetic(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parameters_are_the_documented_ones() {
        assert_eq!(PARAMETERS.moduli(), [MODULUS]);
        assert_eq!(PARAMETERS.plaintext(), PLAINTEXT_MODULUS);
        assert_eq!(MODULUS % PLAINTEXT_MODULUS, 1);
    }

    #[test]
    fn integers_of_both_signs_are_encoded_next_to_their_multiple() {
        for (content, integers) in [(Content::Scores, -724..=724), (Content::Records, 0..=255)] {
            let modulus = 1i64 << content.plaintext_bits();
            for integer in integers {
                let distance = i128::from(encode(integer, content)) * i128::from(modulus)
                    - i128::from(integer) * i128::from(MODULUS);
                let turns = i128::from(MODULUS) * i128::from(modulus);
                let distance = (distance + turns / 2).rem_euclid(turns) - turns / 2;
                assert!(distance.abs() <= i128::from(integer.abs().min(modulus / 2)), "{integer}");
            }
        }
    }

    #[test]
    fn the_crate_fhe_decrypts_a_fresh_ciphertext_from_its_seed_and_body() {
        let key = Key::random();
        let Fresh { seed, body } = key.encrypt(&[1, -2, 3], Content::Scores).unwrap();
        let mask = Poly::random_from_seed(context(), Representation::Ntt, seed);
        let body = Poly::try_convert_from(body, context(), false, Representation::Ntt).unwrap();
        let [mask, body] = [mask, body].map(|mut polynomial| {
            polynomial.change_representation(Representation::PowerBasis);
            polynomial.coefficients().iter().copied().collect()
        });
        assert_eq!(key.decrypt(mask, body).unwrap()[..4], [1, -2, 3, 0]);
    }
}
