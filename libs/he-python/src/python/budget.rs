//! `Ledger` and `Account`.

use std::sync::{Mutex, PoisonError};

use he::Caps;
use pyo3::prelude::*;

use crate::failure::Failure;

/// What one client has spent on one day.
#[pyclass(frozen, eq, get_all, module = "interlock_he")]
#[derive(PartialEq)]
pub(crate) struct Account {
    day: u32,
    queries: u64,
    basic: f64,
    rho: f64,
    epsilon: f64,
    cap: f64,
    delta: f64,
}

impl From<he::Account> for Account {
    fn from(account: he::Account) -> Self {
        let he::Account { day, queries, basic, rho, epsilon, cap, delta } = account;
        Self { day, queries, basic, rho, epsilon, cap, delta }
    }
}

#[pymethods]
impl Account {
    fn __repr__(&self) -> String {
        let Self { day, queries, basic, rho, epsilon, cap, delta } = self;
        format!(
            "Account(day={day}, queries={queries}, basic={basic:?}, rho={rho:?}, \
             epsilon={epsilon:?}, cap={cap:?}, delta={delta:?})"
        )
    }
}

/// The privacy budget of one client, which begins anew every day.
#[pyclass(frozen, module = "interlock_he")]
pub(crate) struct Ledger(Mutex<he::Ledger>);

#[pymethods]
impl Ledger {
    #[new]
    fn new(epsilon: f64, delta: f64) -> Result<Self, Failure> {
        Ok(Self(Mutex::new(he::Ledger::new(Caps { epsilon, delta })?)))
    }

    /// Pay for one query on this day (days since 1970-01-01), or raise `BudgetError`.
    fn spend(&self, day: u32, epsilon: f64) -> Result<Account, Failure> {
        // A ledger is whole before and after every call, so a panic elsewhere leaves it so.
        let mut ledger = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(ledger.spend(day, epsilon)?.into())
    }

    /// Return what is spent on this day.
    fn account(&self, day: u32) -> Account {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).account(day).into()
    }
}
