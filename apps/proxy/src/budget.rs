//! What every client has spent and disclosed in the running day (UTC).

mod book;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use he::{Account, Caps, Ledger, LedgerError};

use crate::client::Client;
use crate::config::Privacy;

use book::Book;
pub(crate) use book::Report;

const SECONDS_PER_DAY: u64 = 86_400;
/// 9999-12-31, the last day with a date of the usual form.
const LAST_DAY: u64 = 2_932_896;

/// The books of all clients, in memory only: a restart begins the day anew.
///
/// A book is opened at the first request that spends or discloses. Clients are those of the token
/// file, so their number is bounded.
pub(crate) struct Budgets {
    clock: fn() -> SystemTime,
    blank: Ledger,
    books: Mutex<HashMap<Client, Book>>,
}

impl Budgets {
    /// Empty books under the caps of the configuration; `clock` tells the day.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Cap`] and [`LedgerError::Delta`].
    pub(crate) fn new(privacy: &Privacy, clock: fn() -> SystemTime) -> Result<Self, LedgerError> {
        let caps = Caps { epsilon: privacy.epsilon_per_day, delta: privacy.delta };
        Ok(Self { clock, blank: Ledger::new(caps)?, books: Mutex::default() })
    }

    /// Whether a choice of shards of this ε could be booked now; it is not.
    ///
    /// # Errors
    ///
    /// Those of [`Budgets::spend`].
    pub(crate) fn check(&self, client: &Client, epsilon: f64) -> Result<(), LedgerError> {
        let day = self.day();
        match self.lock().get(client) {
            Some(book) => book.check(day, epsilon),
            None => Book::new(self.blank.clone()).check(day, epsilon),
        }
    }

    /// Books a choice of shards of this ε before its answer is sent.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Epsilon`] and [`LedgerError::Exhausted`]; then nothing is booked.
    pub(crate) fn spend(&self, client: &Client, epsilon: f64) -> Result<Account, LedgerError> {
        let account = self.with(client, |book, day| book.spend(day, epsilon))?;
        metrics::gauge!("hlp_privacy_epsilon_spent_total").increment(epsilon);
        Ok(account)
    }

    /// Counts a request whose body of so many bytes is passed on in plaintext.
    pub(crate) fn disclose(&self, client: &Client, bytes: u64) {
        self.with(client, |book, day| book.disclose(day, bytes));
        metrics::counter!("hlp_disclosures_total").increment(1);
        metrics::counter!("hlp_disclosed_bytes_total").increment(bytes);
    }

    /// What a client has spent and disclosed today.
    pub(crate) fn account(&self, client: &Client) -> Report {
        let day = self.day();
        let books = self.lock();
        books.get(client).unwrap_or(&Book::new(self.blank.clone())).report(day)
    }

    fn with<T>(&self, client: &Client, change: impl FnOnce(&mut Book, u32) -> T) -> T {
        let day = self.day();
        let mut books = self.lock();
        let book = books.entry(client.clone());
        change(book.or_insert_with(|| Book::new(self.blank.clone())), day)
    }

    fn day(&self) -> u32 {
        let since = (self.clock)().duration_since(UNIX_EPOCH).unwrap_or_default();
        (since.as_secs() / SECONDS_PER_DAY).min(LAST_DAY) as u32
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Client, Book>> {
        // Every change of a book is complete in itself, so a panic elsewhere spoils none.
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Budgets {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Budgets").finish_non_exhaustive()
    }
}
