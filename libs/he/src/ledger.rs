//! The privacy budget of one client: what its randomized queries of a day say about it together.
//!
//! A query of ε is ε-locally differentially private. Queries compose in two ways, and the smaller of
//! the two results counts: the plain sum `Σ ε_i` bounds the loss always, and `ρ = Σ ε_i² / 2` of
//! zero-concentrated differential privacy bounds it but for a probability of δ.
//!
//! The ledger is a filter. The ε of a query may depend on everything before it, and a spend is refused
//! when both results would be above the cap. That is (cap, δ)-DP: a run that ends with the sum within
//! the cap never loses more than the cap; the runs that do not are runs, too, of the filter that stops
//! by ρ alone, and those lose more with a probability that δ bounds. Both sums are rounded up.
//!
//! There is no clock in here: days are an argument, and they never go back.

mod brief;
mod conversion;
mod error;

pub use error::LedgerError;

use brief::brief;

use crate::privacy::is_epsilon;

/// What a client may lose in a day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Caps {
    /// Largest ε of all queries of a day together: positive and finite.
    pub epsilon: f64,
    /// Probability for which the bound by ρ may fail: between 0 and 1, both excluded.
    pub delta: f64,
}

/// What was spent on a day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Account {
    /// Days since 1970-01-01 UTC.
    pub day: u32,
    /// Number of queries that were booked.
    pub queries: u64,
    /// Sum of the ε of all queries.
    pub basic: f64,
    /// Sum of ε² / 2 of all queries.
    pub rho: f64,
    /// ε of all queries together: the smaller one of `basic` and what `rho` gives at `delta`.
    pub epsilon: f64,
    /// Largest ε of a day.
    pub cap: f64,
    /// Probability for which the bound by ρ may fail.
    pub delta: f64,
}

impl Account {
    /// The same for people: numbers of 12 digits, of which the one that was spent is not above the cap.
    /// Not to be computed with: what is booked is rounded up.
    #[must_use]
    pub fn brief(self) -> Self {
        let [basic, rho, epsilon] = [self.basic, self.rho, self.epsilon].map(brief);
        Self { basic, rho, epsilon: epsilon.min(self.cap), ..self }
    }
}

/// The budget of one client, which begins anew with every day.
///
/// # Example
///
/// ```
/// use he::{Caps, Ledger, LedgerError};
///
/// let mut ledger = Ledger::new(Caps { epsilon: 12.0, delta: 1e-6 })?;
/// for _ in 0..4 {
///     ledger.spend(20_783, 3.0)?;
/// }
/// assert_eq!(ledger.account(20_783).epsilon, 12.0);
/// assert!(matches!(ledger.spend(20_783, 3.0), Err(LedgerError::Exhausted { .. })));
/// assert_eq!(ledger.spend(20_784, 3.0)?.queries, 1);
/// # Ok::<(), LedgerError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Ledger {
    caps: Caps,
    latest: Sums,
}

/// What the account of a day follows from.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    day: u32,
    queries: u64,
    basic: f64,
    rho: f64,
}

impl Ledger {
    /// An empty ledger.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Cap`] and [`LedgerError::Delta`].
    pub fn new(caps: Caps) -> Result<Self, LedgerError> {
        if !(caps.epsilon.is_normal() && caps.epsilon > 0.0) {
            return Err(LedgerError::Cap { actual: caps.epsilon });
        }
        if !(caps.delta > 0.0 && caps.delta < 1.0) {
            return Err(LedgerError::Delta { actual: caps.delta });
        }
        Ok(Self { caps, latest: Sums::default() })
    }

    /// Books a query before it is made, on a day given as days since 1970-01-01 UTC.
    ///
    /// A day before the latest one counts as the latest one, so a clock that jumps back refills
    /// nothing. A refused spend changes nothing, the latest day included.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Epsilon`] for an ε outside [`MIN_EPSILON`](crate::MIN_EPSILON) to
    /// [`MAX_EPSILON`](crate::MAX_EPSILON), and [`LedgerError::Exhausted`].
    pub fn spend(&mut self, day: u32, epsilon: f64) -> Result<Account, LedgerError> {
        if !is_epsilon(epsilon) {
            return Err(LedgerError::Epsilon { actual: epsilon });
        }
        let before = self.latest.on(day);
        let after = before.with(epsilon);
        let account = self.describe(after);
        if account.epsilon > self.caps.epsilon {
            return Err(LedgerError::Exhausted {
                asked: epsilon,
                spent: self.describe(before).epsilon,
                reached: account.epsilon,
                cap: self.caps.epsilon,
            });
        }
        self.latest = after;
        Ok(account)
    }

    /// What was spent on a day, or on the latest one if that is later.
    #[must_use]
    pub fn account(&self, day: u32) -> Account {
        self.describe(self.latest.on(day))
    }

    fn describe(&self, sums: Sums) -> Account {
        let Caps { epsilon: cap, delta } = self.caps;
        let Sums { day, queries, basic, rho } = sums;
        let epsilon = basic.min(conversion::epsilon(rho, delta));
        Account { day, queries, basic, rho, epsilon, cap, delta }
    }
}

impl Sums {
    fn on(self, day: u32) -> Self {
        if day > self.day { Self { day, ..Self::default() } } else { self }
    }

    fn with(self, epsilon: f64) -> Self {
        Self {
            day: self.day,
            queries: self.queries.saturating_add(1),
            basic: add_up(self.basic, epsilon),
            rho: add_up(self.rho, square_up(epsilon) / 2.0),
        }
    }
}

/// The sum, rounded up; exact where a double can be.
fn add_up(left: f64, right: f64) -> f64 {
    let sum = left + right;
    // What rounding to nearest left out (Knuth's TwoSum).
    let virtual_right = sum - left;
    let lost = (left - (sum - virtual_right)) + (right - virtual_right);
    if lost > 0.0 { sum.next_up() } else { sum }
}

/// The square, rounded up; exact where a double can be.
fn square_up(value: f64) -> f64 {
    let square = value * value;
    if value.mul_add(value, -square) > 0.0 { square.next_up() } else { square }
}

#[cfg(test)]
mod tests;
