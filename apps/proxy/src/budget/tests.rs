use std::sync::Arc;
use std::time::Duration;

use super::*;

const NOON: u64 = 20_783 * SECONDS_PER_DAY + SECONDS_PER_DAY / 2;

fn client(name: &str) -> Client {
    Client(Arc::from(name))
}

/// Books whose clock stands at noon of 2026-11-26.
fn budgets() -> Budgets {
    Budgets::new(&Privacy::default(), || UNIX_EPOCH + Duration::from_secs(NOON)).unwrap()
}

#[test]
fn a_client_that_has_done_nothing_has_spent_nothing() {
    let report = budgets().account(&client("ada"));
    assert_eq!((report.account.queries, report.account.epsilon), (0, 0.0));
    assert_eq!((report.account.cap, report.account.delta), (12.0, 1e-6));
    assert_eq!((report.requests, report.bytes), (0, 0));
    assert_eq!(report.date().to_string(), "2026-11-26");
    assert_eq!(report.resets_at(), "2026-11-27T00:00:00Z");
}

#[test]
fn every_client_has_a_book_of_its_own() {
    let budgets = budgets();
    for _ in 0..4 {
        budgets.spend(&client("ada"), 3.0).unwrap();
    }
    let refusal = budgets.spend(&client("ada"), 3.0).expect_err("12 is the cap");
    assert!(matches!(refusal, LedgerError::Exhausted { .. }), "{refusal}");
    assert_eq!(budgets.spend(&client("bob"), 3.0).unwrap().queries, 1);
    budgets.disclose(&client("bob"), 7);
    budgets.disclose(&client("bob"), 8);
    let (ada, bob) = (budgets.account(&client("ada")), budgets.account(&client("bob")));
    assert_eq!((ada.account.queries, ada.requests, ada.bytes), (4, 0, 0));
    assert_eq!((bob.account.queries, bob.requests, bob.bytes), (1, 2, 15));
}

#[test]
fn to_check_is_told_what_to_spend_would_be_and_spends_nothing() {
    let budgets = budgets();
    for spent in 0..4 {
        for _ in 0..10 {
            assert_eq!(budgets.check(&client("ada"), 3.0), Ok(()));
        }
        assert_eq!(budgets.account(&client("ada")).account.queries, spent);
        budgets.spend(&client("ada"), 3.0).unwrap();
    }
    let [checked, spent] =
        [budgets.check(&client("ada"), 3.0), budgets.spend(&client("ada"), 3.0).map(drop)];
    assert!(matches!(checked, Err(LedgerError::Exhausted { .. })));
    assert_eq!(checked, spent);
    assert_eq!(budgets.check(&client("bob"), 3.0), Ok(()));
    assert!(matches!(budgets.check(&client("bob"), 65.0), Err(LedgerError::Epsilon { .. })));
}

#[test]
fn asking_for_the_account_opens_no_book() {
    let budgets = budgets();
    budgets.account(&client("ada"));
    assert!(budgets.lock().is_empty());
}

#[test]
fn a_later_day_begins_anew_and_an_earlier_one_does_not() {
    let mut book = Book::new(budgets().blank);
    book.spend(10, 12.0).unwrap();
    book.disclose(10, 5);
    for day in [0, 9, 10] {
        assert!(book.spend(day, 0.5).is_err());
        let report = book.report(day);
        assert_eq!((report.account.day, report.account.epsilon, report.bytes), (10, 12.0, 5));
    }
    let report = book.report(11);
    assert_eq!((report.account.day, report.account.epsilon, report.bytes), (11, 0.0, 0));
    // To disclose on a later day moves the ledger too.
    book.disclose(11, 5);
    assert_eq!(book.spend(10, 12.0).unwrap().day, 11);
    assert!(book.spend(11, 0.5).is_err());
}

#[test]
fn a_clock_far_outside_of_the_calendar_is_a_day_all_the_same() {
    let early = Budgets::new(&Privacy::default(), || UNIX_EPOCH - Duration::from_secs(NOON));
    assert_eq!(early.unwrap().account(&client("ada")).date().to_string(), "1970-01-01");
    let late = || UNIX_EPOCH + Duration::from_secs(1 << 50);
    let late = Budgets::new(&Privacy::default(), late).unwrap();
    assert_eq!(late.account(&client("ada")).date().to_string(), "9999-12-31");
}

#[test]
fn caps_that_are_none_are_refused() {
    for (epsilon_per_day, delta) in [(0.0, 1e-6), (f64::NAN, 1e-6), (12.0, 0.0), (12.0, 1.0)] {
        assert!(Budgets::new(&Privacy { epsilon_per_day, delta }, SystemTime::now).is_err());
    }
}
