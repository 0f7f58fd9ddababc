# SPDX-License-Identifier: Apache-2.0
"""The repository's own definitions, read once."""

from __future__ import annotations

from datetime import date

import pytest

from yiwang.engines.definitions.loader import default_directory
from yiwang.engines.process.build import ClockBook
from yiwang.engines.process.load import load_calendar, load_clocks, load_machine
from yiwang.engines.process.machine import Machine
from yiwang.engines.process.rules import ClockRules
from yiwang.kernel.workdays import WorkCalendar


@pytest.fixture(scope="session")
def calendar() -> WorkCalendar:
    return load_calendar(default_directory())


@pytest.fixture(scope="session")
def clocks() -> ClockBook:
    return load_clocks(default_directory())


@pytest.fixture(scope="session")
def rules(clocks: ClockBook) -> ClockRules:
    return clocks.rules("decision", on=date(2018, 1, 2))


@pytest.fixture(scope="session")
def machine() -> Machine:
    return load_machine(default_directory())
