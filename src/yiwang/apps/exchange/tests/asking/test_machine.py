# SPDX-License-Identifier: Apache-2.0
"""Random histories: the table of moves against a model written otherwise; commands against the same."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.apps.exchange import public as x
from yiwang.apps.exchange.domain.asking import MOVES, Move, Side, State, after, begun, possible
from yiwang.apps.exchange.models import Grant
from yiwang.kernel.errors import Conflict, Invalid, YiwangError

from . import people as p

LEGAL = {
    ("asked", "grant"): "granted",
    ("asked", "return"): "returned",
    ("asked", "withdraw"): "withdrawn",
    ("returned", "mend"): "asked",
    ("returned", "withdraw"): "withdrawn",
}
"""Written by hand, from the source: (state, move) → state."""


@given(st.lists(st.tuples(st.sampled_from(list(Move)), st.sampled_from(["", " ", "理由充分"])), max_size=12))
def test_every_history_of_the_table_is_one_of_the_model(history: list[tuple[Move, str]]) -> None:
    now = begun()
    for move, reason in history:
        expected = LEGAL.get((now.value, move.value))
        if expected is None:
            with pytest.raises(Conflict):
                after(now, move, reason=reason)
        elif move is Move.RETURN and not reason.strip():
            with pytest.raises(Invalid):
                after(now, move, reason=reason)
        else:
            now = after(now, move, reason=reason)
            assert now.value == expected


def test_final_states_and_sides() -> None:
    assert {state for state in State if state.is_final} == {State.GRANTED, State.WITHDRAWN}
    assert possible(State.ASKED, Side.PROVIDER) == [Move.GRANT, Move.RETURN]
    assert possible(State.RETURNED, Side.ASKER) == [Move.MEND, Move.WITHDRAW]
    assert all(state.term and state.sentence for state in State)
    assert set(MOVES) == set(Move)


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("seed", range(4))
def test_commands_follow_the_model(seed: int) -> None:
    dice, request = random.Random(seed), p.asked()
    state, rounds = "asked", 1
    acts = {
        "grant": lambda: p.decided(request),
        "return": lambda: p.decided(request, grant=False, words="请补充依据"),
        "withdraw": lambda: x.withdraw(p.ASKER, request),
        "mend": lambda: x.mend(p.ASKER, request, p.wanted(), version=p.version(request)),
    }
    for _ in range(14):
        move = dice.choice(sorted(acts))
        try:
            acts[move]()
        except YiwangError:
            assert (state, move) not in LEGAL
        else:
            state, rounds = LEGAL[state, move], rounds + (move == "mend")
        seen = x.request_view(p.BUREAU, request)
        assert (seen.row.state.value, seen.row.round) == (state, rounds)
        assert bool(seen.grant) == (state == "granted") == Grant.objects.exists()
