# SPDX-License-Identifier: Apache-2.0
"""How a case number reads: place, day, running number, check digit: 411702-20261121-00042-7."""

from __future__ import annotations

import datetime as dt


def series_of(place_code: str, day: dt.date) -> str:
    """The series a number is taken from: one per receiving place and day."""
    return f"{place_code}-{day:%Y%m%d}"


def case_number(series: str, running: int) -> str:
    """The number to read out, with a check digit that catches one wrong digit or a swap."""
    body = f"{series}-{running:05d}"
    return f"{body}-{check_digit(body)}"


def check_digit(body: str) -> int:
    """The Luhn digit over the digits of `body`."""
    total = 0
    for position, digit in enumerate(reversed([int(c) for c in body if c.isdigit()])):
        value = digit * 2 if position % 2 == 0 else digit
        total += value - 9 if value > 9 else value
    return -total % 10


def is_case_number(text: str) -> bool:
    """Whether `text` reads as a case number with the right check digit."""
    body, _, last = text.strip().rpartition("-")
    return bool(body) and last.isdigit() and last == str(check_digit(body))
