from __future__ import annotations

import math
from collections import Counter

import pytest
from interlock_he import BudgetError, HeError, Ledger, choose_shards, shard_inclusion


def test_a_ledger_books_until_the_budget_of_the_day_is_spent() -> None:
    ledger = Ledger(6.0, 1e-6)

    first = ledger.spend(20_000, 3.0)
    second = ledger.spend(20_000, 3.0)
    with pytest.raises(BudgetError, match="budget"):
        ledger.spend(20_000, 3.0)

    assert (first.day, first.queries, first.basic, first.rho) == (20_000, 1, 3.0, 4.5)
    assert (second.queries, second.epsilon, second.cap, second.delta) == (2, 6.0, 6.0, 1e-6)
    assert ledger.account(20_000) == second


def test_a_new_day_begins_anew_and_a_clock_that_jumps_back_refills_nothing() -> None:
    ledger = Ledger(3.0, 1e-6)
    ledger.spend(20_001, 3.0)

    with pytest.raises(BudgetError):
        ledger.spend(20_000, 3.0)

    assert ledger.account(20_000).day == 20_001
    assert ledger.account(20_002).queries == 0
    assert ledger.spend(20_002, 3.0).queries == 1


def test_an_account_is_frozen_and_says_what_it_holds() -> None:
    account = Ledger(6.0, 1e-6).spend(7, 0.5)

    assert repr(account).startswith("Account(day=7, queries=1, basic=0.5, rho=0.125, epsilon=0.5")
    with pytest.raises(AttributeError):
        account.day = 8  # type: ignore[misc]


@pytest.mark.parametrize(
    ("epsilon", "delta"), [(0.0, 0.1), (-1.0, 0.1), (math.nan, 0.1), (1.0, 0.0), (1.0, 1.0)]
)
def test_a_budget_outside_its_range_is_refused(epsilon: float, delta: float) -> None:
    with pytest.raises(BudgetError):
        Ledger(epsilon, delta)


@pytest.mark.parametrize("epsilon", [0.0, -1.0, math.nan, math.inf])
def test_a_query_outside_its_range_costs_nothing(epsilon: float) -> None:
    ledger = Ledger(6.0, 1e-6)

    with pytest.raises(BudgetError):
        ledger.spend(1, epsilon)

    assert ledger.account(1).queries == 0


def test_shards_are_chosen_in_ascending_order_and_the_true_one_as_often_as_said() -> None:
    inclusion = shard_inclusion(16, 2, 3.0)
    chosen = [choose_shards(5, 16, 2, 3.0) for _ in range(4000)]

    assert all(len(shards) == 2 and shards == sorted(set(shards)) for shards in chosen)
    counts = Counter(shard for shards in chosen for shard in shards)
    assert set(counts) == set(range(16))
    # Eight standard deviations of a binomial variable.
    deviation = math.sqrt(4000 * inclusion * (1 - inclusion))
    assert abs(counts[5] - 4000 * inclusion) < 8 * deviation


def test_a_choice_that_does_not_exist_is_refused() -> None:
    for arguments in [(16, 16, 2, 3.0), (0, 1, 1, 3.0), (0, 16, 16, 3.0), (0, 16, 2, math.nan)]:
        with pytest.raises(HeError):
            choose_shards(*arguments)
    with pytest.raises(HeError):
        shard_inclusion(16, 0, 3.0)
