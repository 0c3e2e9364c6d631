//! The book of one client.

use he::{Account, Ledger, LedgerError};
use time::{Date, Duration, OffsetDateTime};

/// What one client has spent and disclosed in one day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Report {
    /// What was spent on choices of shards.
    pub(crate) account: Account,
    /// Requests that were passed on in plaintext.
    pub(crate) requests: u64,
    /// Bytes of their bodies.
    pub(crate) bytes: u64,
}

impl Report {
    /// The day, in UTC.
    pub(crate) fn date(&self) -> Date {
        OffsetDateTime::UNIX_EPOCH.date() + Duration::days(self.account.day.into())
    }

    /// When the next day begins.
    pub(crate) fn resets_at(&self) -> String {
        let next = self.date().next_day().unwrap_or(Date::MAX);
        format!("{next}T00:00:00Z")
    }
}

/// The running sums of one client.
#[derive(Debug)]
pub(super) struct Book {
    ledger: Ledger,
    disclosed: Disclosed,
}

#[derive(Clone, Copy, Debug, Default)]
struct Disclosed {
    /// Days since 1970-01-01.
    day: u32,
    requests: u64,
    bytes: u64,
}

impl Disclosed {
    /// Starts anew on a later day; a clock that jumps back changes nothing.
    fn on(self, day: u32) -> Self {
        if day > self.day { Self { day, ..Self::default() } } else { self }
    }
}

impl Book {
    pub(super) fn new(ledger: Ledger) -> Self {
        Self { ledger, disclosed: Disclosed::default() }
    }

    pub(super) fn check(&self, day: u32, epsilon: f64) -> Result<(), LedgerError> {
        self.ledger.clone().spend(self.latest(day), epsilon).map(drop)
    }

    pub(super) fn spend(&mut self, day: u32, epsilon: f64) -> Result<Account, LedgerError> {
        self.ledger.spend(self.latest(day), epsilon)
    }

    pub(super) fn disclose(&mut self, day: u32, bytes: u64) {
        let Disclosed { day, requests, bytes: before } = self.disclosed.on(self.latest(day));
        let (requests, bytes) = (requests.saturating_add(1), before.saturating_add(bytes));
        self.disclosed = Disclosed { day, requests, bytes };
    }

    pub(super) fn report(&self, day: u32) -> Report {
        let account = self.ledger.account(self.latest(day));
        let Disclosed { requests, bytes, .. } = self.disclosed.on(account.day);
        Report { account, requests, bytes }
    }

    /// The day, or the latest one that this book has seen if the clock has jumped back.
    fn latest(&self, day: u32) -> u32 {
        self.ledger.account(day).day.max(self.disclosed.day)
    }
}
