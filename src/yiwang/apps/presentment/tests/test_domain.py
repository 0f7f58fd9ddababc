# SPDX-License-Identifier: Apache-2.0
"""The pure rules: age by yes or no, codes as people type them."""

from __future__ import annotations

import datetime as dt

import pytest

from yiwang.apps.presentment.domain.codes import (
    new_short_code,
    new_token,
    spoken,
    token_digest,
    token_in,
    typed,
)
from yiwang.apps.presentment.domain.seen import old_enough

BIRTH = dt.date(2008, 2, 29)


@pytest.mark.parametrize(
    ("on", "is_old"),
    [
        (dt.date(2026, 2, 28), False),
        (dt.date(2026, 3, 1), True),
        (dt.date(2025, 12, 31), False),
        (dt.date(2027, 1, 1), True),
    ],
)
def test_a_birthday_on_a_leap_day(on: dt.date, is_old: bool) -> None:
    assert old_enough(BIRTH, 18, on=on) is is_old


def test_on_the_birthday_itself_not_yet() -> None:
    birth = dt.date(2008, 5, 4)
    assert not old_enough(birth, 18, on=dt.date(2026, 5, 4))
    assert old_enough(birth, 18, on=dt.date(2026, 5, 5))


def test_tokens_are_long_and_found_in_what_a_scanner_types() -> None:
    tokens = {new_token() for _ in range(1000)}
    assert len(tokens) == 1000
    for token in list(tokens)[:50]:
        assert token_in(f"https://zwfw.example.gov.cn/s/{token}\r\n") == token
        assert token_in(f"  {token} ") == token
        assert len(token_digest(token)) == 64
    assert token_in("https://zwfw.example.gov.cn/search?q=1") == ""


def test_short_codes_are_eight_digits_however_they_are_typed() -> None:
    for _ in range(200):
        code = new_short_code()
        assert len(code) == 8
        assert code.isdigit()
        assert typed(spoken(code)) == code
    assert typed("１２３４－５６７８") == "12345678"
