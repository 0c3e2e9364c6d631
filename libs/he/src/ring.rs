//! The one module that knows the crate `fhe`.
//!
//! Two parts of it are avoided on purpose. Its own deserialization accepts unreduced coefficients
//! and other shapes that panic later, so the wire is ours. Its `Plaintext` stores negative
//! coefficients as residues near the plaintext modulus, which multiplies the noise; a matrix is
//! therefore transformed from coefficients that are centred modulo the ciphertext modulus.

use std::sync::{Arc, LazyLock};

use fhe::bfv::{self, BfvParameters, BfvParametersBuilder, Encoding};
use fhe::proto;
use fhe_math::ntt::NttOperator;
use fhe_math::rq::{Context, Poly, Representation, traits::TryConvertFrom};
use fhe_math::zq::Modulus;
use fhe_traits::{FheDecoder, FheDecrypter, FheEncoder, FheEncrypter};

use crate::Error;

/// Number of coefficients of a polynomial.
pub(crate) const DEGREE: usize = 2048;
/// Ciphertext modulus: a 41-bit prime that is 1 modulo 2 · `DEGREE` and modulo 2^20.
pub(crate) const MODULUS: u64 = 2_199_000_186_881;
/// Bits of a coefficient of a ciphertext.
pub(crate) const MODULUS_BITS: u32 = 41;
/// Bytes from which the first polynomial of a fresh ciphertext is expanded.
pub(crate) const SEED_LEN: usize = 32;
const PLAINTEXT_MODULUS: u64 = 1 << 20;
/// Variance of the error and of the secret, both from a centred binomial distribution.
const VARIANCE: usize = 10;

static PARAMETERS: LazyLock<Arc<BfvParameters>> = LazyLock::new(|| {
    BfvParametersBuilder::new()
        .set_degree(DEGREE)
        .set_moduli(&[MODULUS])
        .set_plaintext_modulus(PLAINTEXT_MODULUS)
        .set_variance(VARIANCE)
        .build_arc()
        .expect("the parameters are constants that a test builds")
});

static TRANSFORM: LazyLock<NttOperator> = LazyLock::new(|| {
    let modulus = Modulus::new(MODULUS).expect("the modulus is a constant that a test builds");
    NttOperator::new(&modulus, DEGREE).expect("the modulus is 1 modulo twice the degree")
});

/// A secret key; its memory is wiped when it is dropped.
pub(crate) struct Key(bfv::SecretKey);

/// A ciphertext as the key makes it: the seed of one polynomial, and the other one transformed.
pub(crate) struct Fresh {
    pub(crate) seed: [u8; SEED_LEN],
    pub(crate) body: Vec<u64>,
}

impl Key {
    pub(crate) fn random() -> Self {
        Self(bfv::SecretKey::random(&PARAMETERS, &mut rand::rng()))
    }

    /// The key with these small coefficients: for known answers, never for a secret.
    #[cfg(test)]
    #[expect(clippy::disallowed_methods, reason = "the bytes are made here")]
    pub(crate) fn from_coefficients(coefficients: &[i8]) -> Result<Self, Error> {
        // Field 1, packed: 2048 zigzag varints of one byte each.
        let mut bytes = vec![0x0a, 0x80, 0x10];
        bytes.extend(coefficients.iter().map(|value| ((value << 1) ^ (value >> 7)) as u8));
        Ok(Self(fhe_traits::DeserializeParametrized::from_bytes(&bytes, &PARAMETERS)?))
    }

    /// The reverse of [`Key::from_coefficients`].
    #[cfg(test)]
    pub(crate) fn coefficients(&self) -> Vec<i64> {
        proto::bfv::SecretKey::from(&self.0).coeffs
    }

    /// Encrypts at most `DEGREE` small coefficients.
    pub(crate) fn encrypt(&self, coefficients: &[i64]) -> Result<Fresh, Error> {
        let plaintext = bfv::Plaintext::try_encode(coefficients, Encoding::poly(), &PARAMETERS)?;
        let ciphertext: bfv::Ciphertext = self.0.try_encrypt(&plaintext, &mut rand::rng())?;
        let seed = proto::bfv::Ciphertext::from(&ciphertext).seed;
        let seed = seed.try_into().map_err(|seed: Vec<u8>| {
            Error::Arithmetic(format!("a ciphertext has a seed of {} bytes", seed.len()))
        })?;
        Ok(Fresh { seed, body: ciphertext[0].coefficients().iter().copied().collect() })
    }

    /// All `DEGREE` coefficients, centred around 0, of a ciphertext given by its coefficients.
    pub(crate) fn decrypt(&self, mask: Vec<u64>, body: Vec<u64>) -> Result<Vec<i64>, Error> {
        let context = PARAMETERS.context_at_level(0)?;
        let parts = [body, mask]
            .into_iter()
            .map(|coefficients| polynomial(coefficients, context))
            .collect::<Result<_, _>>()?;
        let ciphertext = bfv::Ciphertext::new(parts, &PARAMETERS)?;
        let plaintext = self.0.try_decrypt(&ciphertext)?;
        Ok(Vec::<i64>::try_decode(&plaintext, Encoding::poly())?)
    }
}

fn polynomial(coefficients: Vec<u64>, context: &Arc<Context>) -> Result<Poly, Error> {
    let form = Representation::PowerBasis;
    let mut polynomial = Poly::try_convert_from(coefficients, context, false, form)?;
    polynomial.change_representation(Representation::Ntt);
    Ok(polynomial)
}

/// Appends the transformed polynomial that a seed stands for. This is part of the wire contract.
pub(crate) fn expand(seed: [u8; SEED_LEN], values: &mut Vec<u64>) -> Result<(), Error> {
    let context = PARAMETERS.context_at_level(0)?;
    let polynomial = Poly::random_from_seed(context, Representation::Ntt, seed);
    values.extend(polynomial.coefficients());
    Ok(())
}

/// The transform of `DEGREE` small signed coefficients.
pub(crate) fn transform(coefficients: &[i64], values: &mut [u64]) {
    for (value, coefficient) in values.iter_mut().zip(coefficients) {
        *value = coefficient.rem_euclid(MODULUS as i64) as u64;
    }
    TRANSFORM.forward(values);
}

/// From the transform back to coefficients, in place.
pub(crate) fn inverse_transform(values: &mut [u64]) {
    TRANSFORM.backward(values);
}

impl From<fhe::Error> for Error {
    fn from(error: fhe::Error) -> Self {
        Self::Arithmetic(error.to_string())
    }
}

impl From<fhe_math::Error> for Error {
    fn from(error: fhe_math::Error) -> Self {
        Self::Arithmetic(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parameters_are_the_documented_ones() {
        assert_eq!(PARAMETERS.moduli(), [MODULUS]);
        assert_eq!(PARAMETERS.plaintext(), PLAINTEXT_MODULUS);
        assert_eq!(u64::BITS - MODULUS.leading_zeros(), MODULUS_BITS);
        assert_eq!(MODULUS % (2 * DEGREE as u64), 1);
    }

    #[test]
    fn a_fresh_ciphertext_decrypts_from_its_seed_and_body() {
        let key = Key::random();
        let Fresh { seed, mut body } = key.encrypt(&[1, -2, 3]).unwrap();
        let mut mask = Vec::new();
        expand(seed, &mut mask).unwrap();
        inverse_transform(&mut mask);
        inverse_transform(&mut body);
        assert_eq!(key.decrypt(mask, body).unwrap()[..4], [1, -2, 3, 0]);
    }

    #[test]
    fn the_transform_of_small_signed_coefficients_is_that_of_fhe_math() {
        let coefficients: Vec<i64> = (0..DEGREE as i64).map(|i| i * 31 % 1449 - 724).collect();
        let context = PARAMETERS.context_at_level(0).unwrap();
        let form = Representation::PowerBasis;
        let mut expected = Poly::try_convert_from(&coefficients, context, false, form).unwrap();
        expected.change_representation(Representation::Ntt);

        let mut values = vec![0; DEGREE];
        transform(&coefficients, &mut values);
        assert_eq!(values, expected.coefficients().as_slice().unwrap());

        inverse_transform(&mut values);
        let centred = |value: u64| value as i64 - (value > 724) as i64 * MODULUS as i64;
        assert_eq!(values.into_iter().map(centred).collect::<Vec<_>>(), coefficients);
    }
}
