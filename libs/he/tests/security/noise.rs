//! The noise of the worst matrices that are accepted, by formulas written here a second time.

use std::f64::consts::E;
use std::num::NonZeroUsize;

use he::{Content, DEGREE, Group, Layout, MAX_NORM, MODULUS, Matrix, VARIANCE};

use crate::tables;

/// A matrix with rows at the cap: of scores, or of the largest bytes.
#[derive(Clone, Copy)]
struct Worst {
    layout: Layout,
    /// Columns of 255, which records have; the norm of scores is at its cap with one.
    columns: usize,
}

impl Worst {
    fn entry(self) -> i32 {
        match self.layout.content {
            Content::Scores => MAX_NORM as i32,
            Content::Records => 255,
        }
    }

    /// Variance of the errors of the ciphertexts, times the matrix.
    fn errors(self) -> f64 {
        let entries = (self.layout.group.rows_per_block() * self.columns) as f64;
        VARIANCE as f64 * entries * f64::from(self.entry()).powi(2)
    }

    /// Logarithm of the standard deviation of the noise. A rounding to 32 bits is even in a step.
    fn log2_deviation(self) -> f64 {
        let step = MODULUS as f64 / 2f64.powi(32);
        let rounding = step * step / 12.0 * (1.0 + (DEGREE * VARIANCE) as f64);
        (self.errors() + rounding).sqrt().log2()
    }

    /// Half the distance of two neighbouring integers.
    fn limit(self) -> f64 {
        MODULUS as f64 / 2f64.powi(self.layout.content.plaintext_bits() as i32 + 1)
    }

    /// Logarithm of the bound on the probability that one integer is wrong.
    fn log2_failure(self) -> f64 {
        let rounding = (MODULUS as f64 / 2f64.powi(32) + 1.0) / 2.0;
        let encoding = match self.layout.content {
            Content::Scores => (MAX_NORM * MAX_NORM) as f64 / 2f64.powi(20),
            Content::Records => (self.columns * 255) as f64 / 2.0 + MODULUS as f64 / 2f64.powi(21),
        };
        let secret = (DEGREE * VARIANCE) as f64 * rounding.powi(2);
        let left = self.limit() - rounding - encoding;
        1.0 - left * left / (2.0 * (self.errors() + secret)) * E.log2()
    }

    fn matrix(self) -> Matrix {
        let rows = self.layout.group.rows_per_block();
        let values = vec![self.entry(); rows * self.columns];
        Matrix::from_values(&values, self.columns, self.layout, NonZeroUsize::MIN)
            .expect("the matrix is acceptable")
    }
}

fn worst(content: Content, columns: usize) -> [Worst; 6] {
    Group::ALL.map(|group| Worst { layout: Layout { group, content }, columns })
}

#[test]
fn the_stored_table_has_the_noise_of_the_worst_matrices() {
    let rows = |worst: Worst| {
        let digits = if worst.layout.content == Content::Scores { 1 } else { 0 };
        vec![
            worst.layout.content.to_string(),
            worst.layout.group.entries().to_string(),
            format!("2^{:.2}", worst.log2_deviation()),
            format!("2^{:.2}", worst.limit().log2()),
            format!("2^{:.*}", digits, worst.log2_failure()),
        ]
    };
    let all = [worst(Content::Scores, 1), worst(Content::Records, 4096)].concat();
    tables::assert_table("## Noise", &all.into_iter().map(rows).collect::<Vec<_>>());
}

#[test]
fn the_crate_bounds_the_failure_of_the_worst_matrices_as_these_formulas_do() {
    for worst in [worst(Content::Scores, 1), worst(Content::Records, 8)].concat() {
        let (actual, expected) = (worst.matrix().log2_failure(), worst.log2_failure());
        assert!((actual - expected).abs() < 1e-6 * expected.abs(), "{actual} {expected}");
    }
}

#[test]
fn the_worst_matrices_fail_with_a_probability_below_2_to_the_minus_64_for_each_integer() {
    for worst in [worst(Content::Scores, 1), worst(Content::Records, 4096)].concat() {
        assert!(worst.log2_failure() < -64.0, "{:?}: {}", worst.layout, worst.log2_failure());
    }
}
