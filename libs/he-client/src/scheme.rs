//! The one module that knows the crate `fhe`.
//!
//! Two parts of it are avoided on purpose. Its own deserialization accepts unreduced coefficients
//! and other shapes that panic later, so the wire is that of the crate `he`. Its `Plaintext` stores
//! negative coefficients as residues near the plaintext modulus, so it is used to encrypt and to
//! decrypt, and never as a factor.

use std::sync::{Arc, LazyLock};

use fhe::bfv::{self, BfvParameters, BfvParametersBuilder, Encoding};
use fhe::proto;
use fhe_math::rq::{Context, Poly, Representation, traits::TryConvertFrom};
use fhe_traits::{FheDecoder, FheDecrypter, FheEncoder, FheEncrypter};
use he::{DEGREE, Error, MODULUS, SEED_LEN, VARIANCE};

const PLAINTEXT_MODULUS: u64 = 1 << 20;

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
        let key = fhe_traits::DeserializeParametrized::from_bytes(&bytes, &PARAMETERS);
        Ok(Self(key.map_err(defect)?))
    }

    /// The reverse of [`Key::from_coefficients`].
    #[cfg(test)]
    pub(crate) fn coefficients(&self) -> Vec<i64> {
        proto::bfv::SecretKey::from(&self.0).coeffs
    }

    /// Encrypts at most `DEGREE` small coefficients.
    pub(crate) fn encrypt(&self, coefficients: &[i64]) -> Result<Fresh, Error> {
        let plaintext = bfv::Plaintext::try_encode(coefficients, Encoding::poly(), &PARAMETERS)
            .map_err(defect)?;
        let ciphertext: bfv::Ciphertext =
            self.0.try_encrypt(&plaintext, &mut rand::rng()).map_err(defect)?;
        let seed = proto::bfv::Ciphertext::from(&ciphertext).seed;
        let seed = seed.try_into().map_err(|seed: Vec<u8>| {
            Error::Arithmetic(format!("a ciphertext has a seed of {} bytes", seed.len()))
        })?;
        Ok(Fresh { seed, body: ciphertext[0].coefficients().iter().copied().collect() })
    }

    /// All `DEGREE` coefficients, centred around 0, of a ciphertext given by its coefficients.
    pub(crate) fn decrypt(&self, mask: Vec<u64>, body: Vec<u64>) -> Result<Vec<i64>, Error> {
        let context = PARAMETERS.context_at_level(0).map_err(defect)?;
        let parts = [body, mask]
            .into_iter()
            .map(|coefficients| polynomial(coefficients, context))
            .collect::<Result<_, _>>()?;
        let ciphertext = bfv::Ciphertext::new(parts, &PARAMETERS).map_err(defect)?;
        let plaintext = self.0.try_decrypt(&ciphertext).map_err(defect)?;
        Vec::<i64>::try_decode(&plaintext, Encoding::poly()).map_err(defect)
    }
}

fn polynomial(coefficients: Vec<u64>, context: &Arc<Context>) -> Result<Poly, Error> {
    let form = Representation::PowerBasis;
    let mut polynomial =
        Poly::try_convert_from(coefficients, context, false, form).map_err(defect)?;
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
    }

    #[test]
    fn a_fresh_ciphertext_decrypts_from_its_seed_and_body() {
        let key = Key::random();
        let Fresh { seed, body } = key.encrypt(&[1, -2, 3]).unwrap();
        let context = PARAMETERS.context_at_level(0).unwrap();
        let mask = Poly::random_from_seed(context, Representation::Ntt, seed);
        let body = Poly::try_convert_from(body, context, false, Representation::Ntt).unwrap();
        let [mask, body] = [mask, body].map(|mut polynomial| {
            polynomial.change_representation(Representation::PowerBasis);
            polynomial.coefficients().iter().copied().collect()
        });
        assert_eq!(key.decrypt(mask, body).unwrap()[..4], [1, -2, 3, 0]);
    }
}
