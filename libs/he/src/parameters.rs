//! The numbers that both sides have to agree on. They are part of the byte form.

/// Number of coefficients of a polynomial.
pub const DEGREE: usize = 2048;

/// Ciphertext modulus: a 41-bit prime that is 1 modulo 2 · [`DEGREE`] and modulo 2^20.
pub const MODULUS: u64 = 2_199_000_186_881;

/// Bits of a coefficient of an encrypted vector.
pub const MODULUS_BITS: u32 = 41;

/// Variance of every coefficient of the secret and of the error of a fresh ciphertext, both from a
/// centred binomial distribution.
pub const VARIANCE: usize = 10;

/// Bytes from which the first polynomial of a fresh ciphertext is expanded.
pub const SEED_LEN: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_modulus_has_the_documented_size_and_remainders() {
        assert_eq!(u64::BITS - MODULUS.leading_zeros(), MODULUS_BITS);
        assert_eq!(MODULUS % (2 * DEGREE as u64), 1);
        assert_eq!(MODULUS % (1 << 20), 1);
    }
}
