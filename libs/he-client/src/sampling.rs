//! The secret and the error have the distribution that the security estimate assumes.

use fhe_math::rq::{Poly, Representation, traits::TryConvertFrom};
use he::{Content, MODULUS, VARIANCE};

use crate::scheme::{Key, context};

const KEYS: usize = 64;

/// Coefficients of secrets, and of the errors of encryptions of 0 under them.
fn samples() -> (Vec<i64>, Vec<i64>) {
    let (mut secrets, mut errors) = (Vec::new(), Vec::new());
    for _ in 0..KEYS {
        let key = Key::random();
        let secret = key.coefficients();
        errors.extend(error_of_zero(&key, &secret));
        secrets.extend(secret);
    }
    (secrets, errors)
}

/// `body + mask · secret`, which is the error where nothing was encrypted.
fn error_of_zero(key: &Key, secret: &[i64]) -> Vec<i64> {
    let fresh = key.encrypt(&[0], Content::Scores).unwrap();
    let mask = Poly::random_from_seed(context(), Representation::Ntt, fresh.seed);
    let body = Poly::try_convert_from(fresh.body, context(), false, Representation::Ntt).unwrap();
    let mut secret =
        Poly::try_convert_from(secret, context(), false, Representation::PowerBasis).unwrap();
    secret.change_representation(Representation::Ntt);
    let mut error = &(&mask * &secret) + &body;
    error.change_representation(Representation::PowerBasis);
    let centred = |value: &u64| {
        if *value > MODULUS / 2 { *value as i64 - MODULUS as i64 } else { *value as i64 }
    };
    error.coefficients().iter().map(centred).collect()
}

/// `P(X ≤ x)` for every x from -2·variance to 2·variance, where X is half of 4·variance coins.
fn cumulative() -> Vec<f64> {
    let coins = 4 * VARIANCE as i32;
    let mut term = 0.5f64.powi(coins);
    let mut sum = 0.0;
    (0..=coins)
        .map(|heads| {
            sum += term;
            term *= f64::from(coins - heads) / f64::from(heads + 1);
            sum
        })
        .collect()
}

/// By the inequality of Dvoretzky, Kiefer and Wolfowitz, with Massart's constant, 131 072 samples of the
/// right distribution are further away than 0.012 with a probability below 2·exp(-37), 10^-15.
fn assert_distribution(samples: &[i64]) {
    let largest = 2 * VARIANCE as i64;
    assert!(samples.iter().all(|sample| sample.abs() <= largest), "beyond {largest}");
    for (expected, value) in cumulative().into_iter().zip(-largest..) {
        let count = samples.iter().filter(|sample| **sample <= value).count();
        let actual = count as f64 / samples.len() as f64;
        assert!((actual - expected).abs() < 0.012, "P(X ≤ {value}) is {actual}, not {expected}");
    }
}

/// By Bernstein's inequality (the square has variance 195 and is at most 400), 131 072 samples of the
/// right distribution are further away than 5 % with a probability below 2·exp(-62), 10^-26.
fn assert_variance(samples: &[i64]) {
    let squares: i64 = samples.iter().map(|sample| sample * sample).sum();
    let (actual, expected) = (squares as f64 / samples.len() as f64, VARIANCE as f64);
    assert!((actual - expected).abs() < 0.05 * expected, "the variance is {actual}");
}

#[test]
fn secrets_and_errors_are_centred_binomial_with_the_documented_variance() {
    let (secrets, errors) = samples();
    for samples in [secrets, errors] {
        assert_eq!(samples.len(), 131_072);
        assert_distribution(&samples);
        assert_variance(&samples);
    }
}
