# SPDX-License-Identifier: Apache-2.0
"""The circuit breaker by an injected clock."""

from __future__ import annotations

import threading

from hypothesis import given
from hypothesis import strategies as st

from yiwang.apps.gateway.domain.breaker import Breaker, Circuit


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def breaker(failures: int = 3, rest: float = 30.0) -> tuple[Breaker, Clock]:
    clock = Clock()
    return Breaker(failures, rest, clock), clock


def opened() -> tuple[Breaker, Clock]:
    made, clock = breaker()
    for _ in range(3):
        assert made.admit()
        made.failed()
    return made, clock


def test_it_opens_after_failures_in_a_row_only() -> None:
    made, _ = breaker()
    made.failed()
    made.failed()
    made.succeeded()
    assert not made.failed()
    assert not made.failed()
    assert made.state is Circuit.CLOSED
    assert made.failed()
    assert made.state is Circuit.OPEN
    assert not made.admit()


def test_after_the_rest_one_trial_passes_and_closes_it() -> None:
    made, clock = opened()
    clock.now += 29.9
    assert not made.admit()
    clock.now += 0.1
    assert made.state is Circuit.HALF_OPEN
    assert made.admit()
    assert not made.admit()
    assert made.succeeded()
    assert made.state is Circuit.CLOSED
    assert made.admit()


def test_a_failed_trial_doubles_the_rest_up_to_sixteen_times() -> None:
    made, clock = opened()
    rests = []
    for _ in range(7):
        rests.append((made.open_until or 0) - clock.now)
        clock.now = made.open_until or 0
        assert made.admit()
        assert made.failed()
    assert rests == [30, 60, 120, 240, 480, 480, 480]


def test_a_trial_that_never_reports_does_not_hold_for_ever() -> None:
    made, clock = opened()
    clock.now += 30
    assert made.admit()
    clock.now += 29
    assert not made.admit()
    clock.now += 1
    assert made.admit()


def test_a_trial_that_did_not_take_place_is_made_by_another() -> None:
    made, clock = opened()
    clock.now += 30
    assert made.admit()
    made.returned()
    assert made.admit()


def test_calls_that_began_before_it_opened_change_nothing() -> None:
    made, _ = opened()
    until = made.open_until
    assert not made.failed()
    assert made.open_until == until


def test_another_process_opens_it() -> None:
    made, clock = breaker()
    made.open_for(10)
    assert not made.admit()
    clock.now += 10
    assert made.admit()


def test_only_one_of_many_threads_makes_the_trial() -> None:
    made, clock = opened()
    clock.now += 30
    admitted: list[bool] = []
    threads = [threading.Thread(target=lambda: admitted.append(made.admit())) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(admitted) == 1


@given(st.lists(st.sampled_from(["ok", "fail", "wait", "ask"]), max_size=60))
def test_an_open_circuit_never_admits_before_its_rest_is_over(steps: list[str]) -> None:
    made, clock = breaker(2, 10)
    for step in steps:
        if step == "wait":
            clock.now += 4
        elif step == "ok":
            made.succeeded()
        elif step == "fail":
            made.failed()
        else:
            rested = made.open_until is None or clock.now >= made.open_until
            assert not made.admit() or rested
