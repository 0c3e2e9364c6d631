use super::*;
use crate::{MAX_EPSILON, MIN_EPSILON};

const CAPS: Caps = Caps { epsilon: 12.0, delta: 1e-6 };
const DAY: u32 = 20_783;

fn ledger() -> Ledger {
    Ledger::new(CAPS).expect("the caps are acceptable")
}

fn spent(epsilons: &[f64]) -> Ledger {
    let mut ledger = ledger();
    for epsilon in epsilons {
        ledger.spend(DAY, *epsilon).expect("within the budget");
    }
    ledger
}

#[test]
fn a_new_ledger_has_spent_nothing() {
    let Account { day, queries, basic, rho, epsilon, cap, delta } = ledger().account(DAY);
    assert_eq!((day, queries, basic, rho, epsilon), (DAY, 0, 0.0, 0.0, 0.0));
    assert_eq!((cap, delta), (12.0, 1e-6));
}

#[test]
fn a_cap_that_is_no_positive_finite_number_is_refused() {
    let denormal = f64::MIN_POSITIVE / 2.0;
    for epsilon in [f64::INFINITY, -f64::INFINITY, -1.0, 0.0, -0.0, denormal] {
        let refusal = Ledger::new(Caps { epsilon, ..CAPS }).expect_err("no cap");
        assert_eq!(refusal, LedgerError::Cap { actual: epsilon });
    }
    let refusal = Ledger::new(Caps { epsilon: f64::NAN, ..CAPS });
    assert!(matches!(refusal, Err(LedgerError::Cap { actual }) if actual.is_nan()));
}

#[test]
fn a_delta_that_is_no_probability_strictly_between_0_and_1_is_refused() {
    for delta in [f64::INFINITY, -1e-6, 0.0, 1.0, 2.0] {
        let refusal = Ledger::new(Caps { delta, ..CAPS }).expect_err("no delta");
        assert_eq!(refusal, LedgerError::Delta { actual: delta });
    }
    let refusal = Ledger::new(Caps { delta: f64::NAN, ..CAPS });
    assert!(matches!(refusal, Err(LedgerError::Delta { actual }) if actual.is_nan()));
}

#[test]
fn an_epsilon_that_is_no_ordinary_positive_number_is_refused_and_changes_nothing() {
    let mut ledger = spent(&[3.0]);
    let before = ledger.account(DAY);
    let denormal = f64::MIN_POSITIVE / 2.0;
    let (small, large) = (MIN_EPSILON.next_down(), MAX_EPSILON.next_up());
    for actual in [f64::INFINITY, -f64::INFINITY, -1.0, 0.0, -0.0, denormal, small, large, 1e300] {
        assert_eq!(ledger.spend(DAY + 1, actual), Err(LedgerError::Epsilon { actual }));
    }
    let nan = ledger.spend(DAY + 1, f64::NAN);
    assert!(matches!(nan, Err(LedgerError::Epsilon { actual }) if actual.is_nan()));
    assert_eq!(ledger.account(DAY), before);
}

#[test]
fn four_queries_of_3_fill_a_budget_of_12_exactly_and_a_fifth_is_refused() {
    let mut ledger = spent(&[3.0; 4]);
    let full = ledger.account(DAY);
    assert_eq!((full.queries, full.basic, full.epsilon), (4, 12.0, 12.0));
    let refusal = ledger.spend(DAY, MIN_EPSILON).expect_err("the budget is spent");
    let LedgerError::Exhausted { asked, spent, reached, cap } = refusal else {
        panic!("another error: {refusal}");
    };
    assert_eq!((asked, spent, cap), (MIN_EPSILON, 12.0, 12.0));
    assert!(reached > cap);
    assert_eq!(ledger.account(DAY), full);
}

#[test]
fn after_a_refusal_a_smaller_query_may_still_fit() {
    let mut ledger = spent(&[3.0, 3.0, 3.0]);
    assert!(matches!(ledger.spend(DAY, 4.0), Err(LedgerError::Exhausted { .. })));
    assert_eq!(ledger.spend(DAY, 3.0).map(|account| account.epsilon), Ok(12.0));
}

#[test]
fn many_small_queries_count_by_rho_and_few_large_ones_by_their_sum() {
    let small = spent(&[0.1; 100]).account(DAY);
    assert!(small.epsilon < small.basic);
    let large = spent(&[5.0, 5.0]).account(DAY);
    assert_eq!(large.epsilon, large.basic);
}

#[test]
fn a_new_day_begins_with_the_whole_budget() {
    let mut ledger = spent(&[12.0]);
    assert_eq!(ledger.account(DAY + 1).epsilon, 0.0);
    assert_eq!(ledger.spend(DAY + 1, 12.0).map(|account| account.queries), Ok(1));
}

#[test]
fn a_clock_that_jumps_back_refills_nothing() {
    let mut ledger = spent(&[12.0]);
    for day in [DAY - 1, 0] {
        assert!(matches!(ledger.spend(day, 3.0), Err(LedgerError::Exhausted { .. })));
        assert_eq!((ledger.account(day).day, ledger.account(day).epsilon), (DAY, 12.0));
    }
}

#[test]
fn a_clock_that_jumps_far_ahead_and_back_refills_once_and_never_again() {
    let mut ledger = spent(&[12.0]);
    ledger.spend(u32::MAX, 12.0).expect("another day");
    for day in [DAY, DAY + 1, u32::MAX] {
        assert!(matches!(ledger.spend(day, 3.0), Err(LedgerError::Exhausted { .. })));
    }
}

#[test]
fn looking_at_a_later_day_does_not_begin_it() {
    let mut ledger = spent(&[6.0]);
    assert_eq!(ledger.account(DAY + 1).epsilon, 0.0);
    assert_eq!(ledger.spend(DAY, 6.0).map(|account| account.epsilon), Ok(12.0));
}

#[test]
fn sums_are_exact_where_a_double_can_be_and_otherwise_rounded_up() {
    assert_eq!(add_up(1.0, 2.0), 3.0);
    assert_eq!(add_up(1.0, f64::EPSILON / 4.0), 1f64.next_up());
    assert_eq!(add_up(f64::EPSILON / 4.0, 1.0), 1f64.next_up());
    assert_eq!(add_up(1.0, f64::EPSILON), 1f64.next_up());
}

#[test]
fn squares_are_exact_where_a_double_can_be_and_otherwise_rounded_up() {
    assert_eq!(square_up(0.5), 0.25);
    // (1 + 2^-52)² = 1 + 2^-51 + 2^-104.
    assert_eq!(square_up(1f64.next_up()), (1.0 + 2.0 * f64::EPSILON).next_up());
}

#[test]
fn a_refusal_says_what_was_asked_what_the_budget_is_and_what_remains_possible() {
    let mut ledger = spent(&[3.0; 4]);
    let refusal = ledger.spend(DAY, 3.0).expect_err("the budget is spent");
    assert_eq!(
        refusal.to_string(),
        "a query of epsilon 3 would bring the day to 15, and its budget is 12; \
         a full search costs nothing"
    );
}

#[test]
fn a_sum_is_told_without_the_digit_that_rounding_up_has_left() {
    let mut ledger = spent(&[3.0; 4]);
    let refusal = ledger.spend(DAY, 0.1).expect_err("the budget is spent");
    assert_eq!(
        refusal.to_string(),
        "a query of epsilon 0.1 would bring the day to 12.1, and its budget is 12; \
         a full search costs nothing"
    );
    let mut ledger = Ledger::new(Caps { epsilon: 12.1, ..CAPS }).unwrap();
    for _ in 0..4 {
        ledger.spend(DAY, 3.0).unwrap();
    }
    let refusal = ledger.spend(DAY, 0.1).expect_err("the sum is above the cap by a little");
    assert!(refusal.to_string().contains("to 12.100000000000001, and its budget is 12.1;"));
}

#[test]
fn an_account_for_people_has_few_digits_and_is_not_above_the_cap() {
    let mut ledger = spent(&[0.1; 3]);
    let account = ledger.account(DAY);
    assert!(account.basic > 0.3 && account.epsilon > 0.3);
    let brief = account.brief();
    assert_eq!((brief.basic, brief.epsilon, brief.cap, brief.queries), (0.3, 0.3, 12.0, 3));
    assert_eq!(brief.rho, 0.015);
    // What is booked is what it was.
    assert_eq!(ledger.account(DAY), account);

    let cap = 1.999_999_999_999_96;
    ledger = Ledger::new(Caps { epsilon: cap, ..CAPS }).unwrap();
    let account = ledger.spend(DAY, cap).unwrap();
    assert_eq!((account.epsilon, account.brief().epsilon), (cap, cap));
}
