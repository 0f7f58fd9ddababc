# SPDX-License-Identifier: Apache-2.0
"""Identity and telephone numbers never leave through the log; other numbers stay readable."""

from __future__ import annotations

import logging
import sys

import pytest

from yiwang.conf.logs import HIDDEN, HideNumbers, hide_numbers, logging_settings


@pytest.mark.parametrize(
    "number",
    [
        "411702198503040118",
        "41170219850304011X",
        "41170219850304011x",
        "411702850304011",
        "13912345678",
        "+8613912345678",
        "8613912345678",
        "008613912345678",
        "+86 139 1234 5678",
        "139-1234-5678",
        "0396-2712345",
        "010 12345678",
    ],
)
@pytest.mark.parametrize("around", ["{}", "id{}", "（{}）", "/x/{}/y", "'{}',", '{{"id": "{}"}}', "号码{}错"])
def test_a_number_of_somebody_is_hidden(number: str, around: str) -> None:
    assert hide_numbers(around.format(number)) == around.format(HIDDEN)


@pytest.mark.parametrize(
    "text",
    [
        "411702-20261122-00001-3",
        "GET /api/plans 200 1337 489ms",
        "2026-11-22 00:35:15,724",
        "1763742202.123456",
        "127.0.0.1:48801",
        "41170219850304011812",  # twenty digits: no number of anybody
        "pid 12345, 10000 rows",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert hide_numbers(text) == text


def test_the_whole_record_is_cleaned_arguments_and_traceback_too() -> None:
    formatter = HideNumbers("{levelname} {message}", style="{")
    try:
        raise ValueError("DETAIL: Key (id)=(411702198503040118) already exists")
    except ValueError:
        record = logging.LogRecord(
            "x", logging.ERROR, "x.py", 1, "phone %s", ("13912345678",), sys.exc_info()
        )
    text = formatter.format(record)
    assert text.startswith(f"ERROR phone {HIDDEN}\nTraceback")
    assert f"Key (id)=({HIDDEN}) already exists" in text


def test_every_logger_writes_through_the_one_handler() -> None:
    made = logging_settings("INFO")
    assert list(made["handlers"]) == ["stderr"]
    assert made["formatters"][made["handlers"]["stderr"]["formatter"]]["()"].endswith("HideNumbers")
    assert all(not logger.get("handlers") for logger in made["loggers"].values())
    assert made["loggers"]["django.db.backends"]["level"] == "INFO"
