//! The one module that knows the crate `fhe`.
//!
//! Two parts of it are avoided on purpose. Its own deserialization accepts unreduced coefficients
//! and other shapes that panic later, so the wire is ours. Its `Plaintext` stores negative
//! coefficients as residues near the plaintext modulus, which multiplies the noise; a matrix is
//! therefore built as a polynomial with centred coefficients.

use std::sync::{Arc, LazyLock};

use fhe::bfv::{self, BfvParameters, BfvParametersBuilder, Encoding};
use fhe_math::rq::{Context, Poly, Representation, dot_product, traits::TryConvertFrom};
use fhe_traits::{FheDecoder, FheDecrypter, FheEncoder, FheEncrypter};

use crate::Error;

/// Number of coefficients of a polynomial.
pub(crate) const DEGREE: usize = 2048;
/// Ciphertext modulus: a 41-bit prime that is 1 modulo 2 · `DEGREE`.
pub(crate) const MODULUS: u64 = 2_199_000_186_881;
/// Bits of a coefficient of a ciphertext.
pub(crate) const MODULUS_BITS: u32 = 41;
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

/// A secret key; its memory is wiped when it is dropped.
pub(crate) struct Key(bfv::SecretKey);

impl Key {
    pub(crate) fn random() -> Self {
        Self(bfv::SecretKey::random(&PARAMETERS, &mut rand::rng()))
    }

    /// Encrypts at most `DEGREE` small coefficients.
    pub(crate) fn encrypt(&self, coefficients: &[i64]) -> Result<Ciphertext, Error> {
        let plaintext = bfv::Plaintext::try_encode(coefficients, Encoding::poly(), &PARAMETERS)?;
        Ok(Ciphertext(self.0.try_encrypt(&plaintext, &mut rand::rng())?))
    }

    /// All `DEGREE` coefficients, centred around 0.
    pub(crate) fn decrypt(&self, ciphertext: &Ciphertext) -> Result<Vec<i64>, Error> {
        let plaintext = self.0.try_decrypt(&ciphertext.0)?;
        Ok(Vec::<i64>::try_decode(&plaintext, Encoding::poly())?)
    }
}

/// Two polynomials, kept in the number-theoretic transform domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ciphertext(bfv::Ciphertext);

impl Ciphertext {
    /// The transformed coefficients of both polynomials, each below `MODULUS`.
    pub(crate) fn polynomials(&self) -> [Vec<u64>; 2] {
        [0, 1].map(|part| self.0[part].coefficients().iter().copied().collect())
    }

    /// The reverse of [`Ciphertext::polynomials`]; the caller has checked the range.
    pub(crate) fn from_polynomials(polynomials: [Vec<u64>; 2]) -> Result<Self, Error> {
        let context = context()?;
        let parts = polynomials
            .into_iter()
            .map(|values| Poly::try_convert_from(values, context, false, Representation::Ntt))
            .collect::<Result<_, _>>()?;
        Ok(Self(bfv::Ciphertext::new(parts, &PARAMETERS)?))
    }
}

/// A public polynomial that ciphertexts are multiplied by.
#[derive(Clone, Debug)]
pub(crate) struct Multiplier(Poly);

impl Multiplier {
    /// From exactly `DEGREE` small signed coefficients.
    pub(crate) fn new(coefficients: &[i64]) -> Result<Self, Error> {
        let form = Representation::PowerBasis;
        let mut polynomial = Poly::try_convert_from(coefficients, context()?, true, form)?;
        polynomial.change_representation(Representation::Ntt);
        Ok(Self(polynomial))
    }
}

/// The sum of the pairwise products, over as many pairs as both slices have.
pub(crate) fn sum_of_products(
    ciphertexts: &[Ciphertext],
    multipliers: &[Multiplier],
) -> Result<Ciphertext, Error> {
    let part = |part: usize| {
        let polynomials = ciphertexts.iter().map(|ciphertext| &ciphertext.0[part]);
        dot_product(polynomials, multipliers.iter().map(|multiplier| &multiplier.0))
    };
    Ok(Ciphertext(bfv::Ciphertext::new(vec![part(0)?, part(1)?], &PARAMETERS)?))
}

fn context() -> Result<&'static Arc<Context>, Error> {
    Ok(PARAMETERS.context_at_level(0)?)
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
    fn a_ciphertext_survives_its_polynomials() {
        let key = Key::random();
        let ciphertext = key.encrypt(&[1, -2, 3]).unwrap();
        let again = Ciphertext::from_polynomials(ciphertext.polynomials()).unwrap();
        assert_eq!(key.decrypt(&again).unwrap()[..4], [1, -2, 3, 0]);
    }

    #[test]
    fn negative_multipliers_stay_small() {
        let key = Key::random();
        let ciphertext = key.encrypt(&[-724]).unwrap();
        let mut coefficients = vec![0; DEGREE];
        coefficients[DEGREE - 1] = -724;
        let multiplier = Multiplier::new(&coefficients).unwrap();
        let product = sum_of_products(&[ciphertext], &[multiplier]).unwrap();
        assert_eq!(key.decrypt(&product).unwrap()[DEGREE - 1], 724 * 724);
    }
}
