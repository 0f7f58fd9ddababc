# SPDX-License-Identifier: Apache-2.0
"""States of an item case and its legal clock.

`compute_due` says when a case is due and why; `Machine` which move is allowed; `ClockBook` holds
the limits, special steps and tacit rules; `calendar_of`, `clocks_of`, `machine_of` make them from
a catalogue, `load_calendar`, `load_clocks`, `load_machine` straight from a folder.
"""

from yiwang.engines.process.build import ClockBook, calendar_of, clocks_of, machine_of
from yiwang.engines.process.clock import ClockState, Due, compute_due
from yiwang.engines.process.events import ClockError, ClockEvent, EventKind
from yiwang.engines.process.load import load_calendar, load_clocks, load_machine
from yiwang.engines.process.machine import IllegalMove, Machine
from yiwang.engines.process.rules import ClockRules, ExtensionRule

__all__ = [
    "ClockBook",
    "ClockError",
    "ClockEvent",
    "ClockRules",
    "ClockState",
    "Due",
    "EventKind",
    "ExtensionRule",
    "IllegalMove",
    "Machine",
    "calendar_of",
    "clocks_of",
    "compute_due",
    "load_calendar",
    "load_clocks",
    "load_machine",
    "machine_of",
]
