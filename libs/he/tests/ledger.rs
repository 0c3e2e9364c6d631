//! The budget against values of an independent implementation, and under every order of spends.

use std::sync::{Arc, Mutex};
use std::thread;

use he::{Account, Caps, Ledger, LedgerError};
use proptest::prelude::*;

const DAY: u32 = 20_783;
/// A cap that nothing reaches.
const BOUNDLESS: f64 = 1e12;

/// One line of the stored vectors.
struct Composition {
    delta: f64,
    queries: Vec<f64>,
    basic: f64,
    rho: f64,
    converted: f64,
}

fn compositions() -> Vec<Composition> {
    let lines = include_str!("ledger/composition.txt").lines();
    lines.filter(|line| !line.starts_with('#')).map(composition).collect()
}

fn composition(line: &str) -> Composition {
    let number = |text: &str| text.parse::<f64>().unwrap_or_else(|error| panic!("{line}: {error}"));
    let fields: Vec<&str> = line.split("; ").collect();
    let [delta, queries, basic, rho, converted] = fields[..] else { panic!("{line}") };
    let repeated = |part: &str| {
        let (epsilon, times) = part.split_once('x').expect("epsilon x number");
        vec![number(epsilon); times.parse().expect("a number of queries")]
    };
    Composition {
        delta: number(delta),
        queries: queries.split(' ').flat_map(repeated).collect(),
        basic: number(basic),
        rho: number(rho),
        converted: number(converted),
    }
}

fn spend_all(ledger: &mut Ledger, queries: &[f64]) -> Account {
    for epsilon in queries {
        ledger.spend(DAY, *epsilon).expect("within the cap");
    }
    ledger.account(DAY)
}

/// Equal up to rounding, and never less than what is expected by more than that of the vectors.
fn is_close_from_above(actual: f64, expected: f64) -> bool {
    actual >= expected * (1.0 - 1e-14) && actual <= expected * (1.0 + 1e-9) + 1e-11
}

#[test]
fn the_sums_and_the_conversion_are_those_of_the_stored_vectors() {
    let compositions = compositions();
    assert_eq!(compositions.len(), 40);
    for Composition { delta, queries, basic, rho, converted } in compositions {
        let mut ledger = Ledger::new(Caps { epsilon: BOUNDLESS, delta }).unwrap();
        let account = spend_all(&mut ledger, &queries);
        let context = format!("delta {delta}, {} queries: {account:?}", queries.len());
        assert_eq!(account.queries, queries.len() as u64);
        assert!(is_close_from_above(account.basic, basic), "{context}, not {basic}");
        assert!(is_close_from_above(account.rho, rho), "{context}, not {rho}");
        let expected = basic.min(converted);
        assert!(is_close_from_above(account.epsilon, expected), "{context}, not {expected}");
    }
}

#[test]
fn the_documented_example_costs_27_8_and_not_32() {
    let mut ledger = Ledger::new(Caps { epsilon: 32.0, delta: 1e-6 }).unwrap();
    let account = spend_all(&mut ledger, &[0.5; 64]);
    assert_eq!((account.basic, account.rho), (32.0, 8.0));
    assert_eq!(format!("{:.1}", account.epsilon), "27.8");
}

#[test]
fn threads_that_spend_at_once_never_exceed_the_cap_together() {
    let caps = Caps { epsilon: 12.0, delta: 1e-6 };
    let ledger = Arc::new(Mutex::new(Ledger::new(caps).unwrap()));
    let spenders: Vec<_> = [3.0, 0.5, 1.25, 0.1]
        .into_iter()
        .map(|epsilon| {
            let ledger = Arc::clone(&ledger);
            thread::spawn(move || {
                let attempts = (0..200).map(|_| ledger.lock().unwrap().spend(DAY, epsilon).is_ok());
                vec![epsilon; attempts.filter(|accepted| *accepted).count()]
            })
        })
        .collect();
    let accepted: Vec<f64> =
        spenders.into_iter().flat_map(|spender| spender.join().unwrap()).collect();

    let account = ledger.lock().unwrap().account(DAY);
    assert_eq!(account.queries, accepted.len() as u64);
    assert!(account.epsilon <= 12.0 && within(&accepted, caps), "{account:?}");
}

/// Whether queries are within the caps, from the simple formulas: at most as generous as the ledger.
fn within(queries: &[f64], caps: Caps) -> bool {
    let basic: f64 = queries.iter().sum();
    let converted =
        optimal(queries.iter().map(|epsilon| epsilon * epsilon / 2.0).sum(), caps.delta);
    basic.min(converted) <= caps.epsilon * (1.0 + 1e-9)
}

/// The conversion by trying many orders, each of which is a bound.
fn optimal(rho: f64, delta: f64) -> f64 {
    let bound = |alpha: f64| {
        alpha * rho + (1.0 - 1.0 / alpha).ln() - (delta.ln() + alpha.ln()) / (alpha - 1.0)
    };
    let orders = (1..=4000).map(|step| 1.0 + 10f64.powf(f64::from(step) / 500.0 - 3.0));
    orders.map(bound).fold(f64::INFINITY, f64::min)
}

/// What several clients' programs want to spend, in the order in which the ledger sees it.
fn interleavings() -> impl Strategy<Value = (f64, Vec<(u32, f64)>)> {
    let epsilon = prop_oneof![0.001..0.5, 0.5..8.0, Just(0.0), Just(f64::NAN), Just(-1.0)];
    let spend = (DAY - 1..=DAY + 1, epsilon);
    (0.1..20.0, prop::collection::vec(spend, 1..120))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(128) })]

    #[test]
    fn no_interleaving_of_spends_exceeds_the_cap_of_a_day((cap, spends) in interleavings()) {
        let caps = Caps { epsilon: cap, delta: 1e-6 };
        let mut ledger = Ledger::new(caps).unwrap();
        let (mut today, mut accepted) = (0, Vec::new());
        for (day, epsilon) in spends {
            let before = ledger.account(day);
            match ledger.spend(day, epsilon) {
                Ok(account) => {
                    if account.day > today {
                        (today, accepted) = (account.day, Vec::new());
                    }
                    accepted.push(epsilon);
                    prop_assert_eq!(account.queries, accepted.len() as u64);
                    prop_assert!(account.epsilon <= cap);
                    prop_assert!(account.epsilon >= before.epsilon);
                    prop_assert!(within(&accepted, caps), "{:?} {:?}", account, accepted);
                }
                Err(LedgerError::Exhausted { reached, .. }) => {
                    prop_assert!(reached > cap);
                    prop_assert_eq!(ledger.account(day), before);
                }
                Err(_) => prop_assert_eq!(ledger.account(day), before),
            }
        }
    }

    #[test]
    fn the_order_of_spends_changes_the_account_by_rounding_alone(
        mut queries in prop::collection::vec(0.001..2.0, 1..60),
    ) {
        let caps = Caps { epsilon: BOUNDLESS, delta: 1e-6 };
        let forward = spend_all(&mut Ledger::new(caps).unwrap(), &queries);
        queries.reverse();
        let backward = spend_all(&mut Ledger::new(caps).unwrap(), &queries);
        prop_assert!((forward.epsilon - backward.epsilon).abs() <= 1e-9 * forward.epsilon);
    }
}
