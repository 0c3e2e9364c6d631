//! The transform and the expansion of seeds, from the crate `fhe-math`.
//!
//! A matrix is transformed from coefficients that are centred modulo the ciphertext modulus: as
//! residues of the plaintext modulus, negative ones would be large and multiply the noise.

use std::sync::{Arc, LazyLock};

use fhe_math::ntt::NttOperator;
use fhe_math::rq::{Context, Poly, Representation};
use fhe_math::zq::Modulus;

use crate::parameters::{DEGREE, MODULUS, SEED_LEN};

static CONTEXT: LazyLock<Arc<Context>> = LazyLock::new(|| {
    Context::new_arc(&[MODULUS], DEGREE).expect("the parameters are constants that a test builds")
});

static TRANSFORM: LazyLock<NttOperator> = LazyLock::new(|| {
    let modulus = Modulus::new(MODULUS).expect("the modulus is a constant that a test builds");
    NttOperator::new(&modulus, DEGREE).expect("the modulus is 1 modulo twice the degree")
});

/// Appends the transformed polynomial that a seed stands for. This is part of the wire contract.
pub(crate) fn expand(seed: [u8; SEED_LEN], values: &mut Vec<u64>) {
    let polynomial = Poly::random_from_seed(&CONTEXT, Representation::Ntt, seed);
    values.extend(polynomial.coefficients());
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

#[cfg(test)]
mod tests {
    use fhe_math::rq::traits::TryConvertFrom;

    use super::*;

    #[test]
    fn the_transform_of_small_signed_coefficients_is_that_of_fhe_math() {
        let coefficients: Vec<i64> = (0..DEGREE as i64).map(|i| i * 31 % 1449 - 724).collect();
        let form = Representation::PowerBasis;
        let mut expected = Poly::try_convert_from(&coefficients, &CONTEXT, false, form).unwrap();
        expected.change_representation(Representation::Ntt);

        let mut values = vec![0; DEGREE];
        transform(&coefficients, &mut values);
        assert_eq!(values, expected.coefficients().as_slice().unwrap());

        inverse_transform(&mut values);
        let centred = |value: u64| value as i64 - (value > 724) as i64 * MODULUS as i64;
        assert_eq!(values.into_iter().map(centred).collect::<Vec<_>>(), coefficients);
    }
}
