//! From zero-concentrated to approximate differential privacy.
//!
//! A mechanism that is ρ-zCDP is (ε, δ)-DP for every α > 1 with
//!
//! ```text
//! ε(α) = α·ρ + ln(1 - 1/α) + (ln(1/δ) - ln α) / (α - 1)
//! ```
//!
//! (Canonne, Kamath and Steinke, "The Discrete Gaussian for Differential Privacy", 2020). Every α gives a bound, so a search that is not exact gives a valid one; the
//! best α is where the derivative is 0, that is `ρ·(α - 1)² + ln α = ln(1/δ)`.

/// Halvings of the interval of α - 1, more than a double has digits.
const HALVINGS: usize = 64;

/// Larger than the rounding of the few operations below, relative to the largest of their terms.
const MARGIN: f64 = 1e-12;

/// The smallest ε, rounded up, for which whatever is `rho`-zCDP is known to be (ε, `delta`)-DP.
///
/// `rho` is finite and not negative, `delta` lies between 0 and 1.
pub(crate) fn epsilon(rho: f64, delta: f64) -> f64 {
    if rho == 0.0 {
        return 0.0;
    }
    let log = -delta.ln();
    let x = best_order(rho, log);
    let (first, second, third) = (rho * (1.0 + x), (x / (1.0 + x)).ln(), (log - x.ln_1p()) / x);
    let rounding = MARGIN * (first + second.abs() + third.abs());
    (first + second + third + rounding).max(0.0)
}

/// α - 1 for the best α; the left side of the equation grows with it.
fn best_order(rho: f64, log: f64) -> f64 {
    let (mut low, mut high) = (0.0, (log / rho).sqrt());
    for _ in 0..HALVINGS {
        let middle = low + (high - low) / 2.0;
        if rho * middle * middle + middle.ln_1p() < log {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;

    const RHOS: [f64; 9] = [5e-13, 1e-6, 1e-3, 0.1, 1.0, 8.0, 100.0, 2048.0, 1e9];
    const DELTAS: [f64; 5] = [1e-300, 1e-12, 1e-6, 1e-3, 0.5];

    #[test]
    fn nothing_spent_is_no_privacy_lost() {
        assert_eq!(epsilon(0.0, 1e-6), 0.0);
    }

    #[test]
    fn the_optimum_is_never_above_the_simple_formula() {
        for rho in RHOS {
            for delta in DELTAS {
                let simple = rho + 2.0 * (rho * -delta.ln()).sqrt();
                let optimal = epsilon(rho, delta);
                assert!((0.0..=simple).contains(&optimal), "{rho} {delta}: {optimal} > {simple}");
            }
        }
    }

    #[test]
    fn no_order_of_a_fine_grid_is_better_than_the_one_found() {
        for rho in RHOS {
            for delta in DELTAS {
                let found = epsilon(rho, delta);
                for step in -400..400 {
                    let x = 10f64.powf(f64::from(step) / 20.0);
                    let (alpha, log) = (1.0 + x, -delta.ln());
                    let other = alpha * rho + (x / alpha).ln() + (log - x.ln_1p()) / x;
                    let rounding = 2.0 * MARGIN * (found + 1.0 + log);
                    assert!(found <= other.max(0.0) + rounding, "{rho} {delta} at {alpha}");
                }
            }
        }
    }

    #[test]
    fn more_rho_and_less_delta_never_make_epsilon_smaller() {
        for pair in RHOS.windows(2) {
            for deltas in DELTAS.windows(2) {
                assert!(epsilon(pair[0], deltas[0]) <= epsilon(pair[1], deltas[0]));
                assert!(epsilon(pair[0], deltas[1]) <= epsilon(pair[0], deltas[0]));
            }
        }
    }
}
