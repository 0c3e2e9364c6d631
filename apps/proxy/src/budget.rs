//! What every client has disclosed in the running day (UTC).

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::client::Client;

const SECONDS_PER_DAY: u64 = 86_400;

/// The books of all clients. Clients are those of the token file, so their number is bounded.
pub(crate) struct Budgets {
    clock: fn() -> SystemTime,
    books: Mutex<HashMap<Client, Book>>,
}

/// What one client has disclosed in one day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Disclosed {
    /// Requests that were passed on.
    pub(crate) requests: u64,
    /// Bytes of their bodies.
    pub(crate) bytes: u64,
}

#[derive(Debug, Default)]
struct Book {
    /// Days since 1970-01-01.
    day: u32,
    disclosed: Disclosed,
}

impl Budgets {
    /// Empty books; `clock` tells the day.
    pub(crate) fn new(clock: fn() -> SystemTime) -> Self {
        Self { clock, books: Mutex::default() }
    }

    /// Counts a request that is passed on in plaintext.
    pub(crate) fn disclose(&self, client: &Client, bytes: u64) {
        let day = self.day();
        let mut books = self.lock();
        let book = books.entry(client.clone()).or_default();
        book.turn_to(day);
        book.disclosed.requests += 1;
        book.disclosed.bytes = book.disclosed.bytes.saturating_add(bytes);
    }

    /// What a client has disclosed today.
    pub(crate) fn disclosed(&self, client: &Client) -> Disclosed {
        let day = self.day();
        let mut books = self.lock();
        let Some(book) = books.get_mut(client) else { return Disclosed::default() };
        book.turn_to(day);
        book.disclosed
    }

    fn day(&self) -> u32 {
        let since = (self.clock)().duration_since(UNIX_EPOCH).unwrap_or_default();
        u32::try_from(since.as_secs() / SECONDS_PER_DAY).unwrap_or(u32::MAX)
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

impl Book {
    /// Starts anew on a later day; a clock that jumps back changes nothing.
    fn turn_to(&mut self, day: u32) {
        if day > self.day {
            *self = Self { day, ..Self::default() };
        }
    }
}
