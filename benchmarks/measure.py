# SPDX-License-Identifier: Apache-2.0
"""Time two things side by side, and say how they compare.

A figure alone says more about the machine than about the code; so everything is measured beside a
peer in the same run, in turns, so that both meet the same noise.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Timing:
    """How long something took, in milliseconds, over `runs` runs."""

    best: float
    median: float
    p95: float
    runs: int

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Timing:
        """Sum up single times in seconds. Raises ValueError for none."""
        if not seconds:
            raise ValueError("nothing was measured")
        ordered = sorted(seconds)
        last = min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))
        return cls(ordered[0] * 1e3, statistics.median(ordered) * 1e3, ordered[last] * 1e3, len(ordered))


@dataclass(frozen=True)
class Line:
    """One comparison. `ratio` is what counts; `target` is the highest ratio we want to see.

    Attributes:
        what: what was measured. against: the peer, or the limit, it was measured against.
        ours, theirs: timings; `theirs` is None when the peer is a stated limit.
        ratio: ours divided by theirs, by median (or by p95, where `against` says so).
        target: None when the line is for information only.
    """

    what: str
    against: str
    ours: Timing
    theirs: Timing | None
    ratio: float
    target: float | None
    note: str = ""

    @property
    def met(self) -> bool:
        """Whether the target is met; a line without a target meets it."""
        return self.target is None or self.ratio <= self.target

    def as_json(self) -> dict[str, Any]:
        """The line as JSON keeps it."""
        return asdict(self) | {"met": self.met}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Line:
        """A line again, from `as_json`."""
        kept = {key: value for key, value in stored.items() if key != "met"}
        theirs = kept["theirs"] and Timing(**kept["theirs"])
        return cls(**(kept | {"ours": Timing(**kept["ours"]), "theirs": theirs}))


def in_turns(
    ours: Callable[[], object], theirs: Callable[[], object], *, rounds: int, warm_up: int = 3
) -> tuple[Timing, Timing]:
    """Run both again and again, one after the other, and time each."""
    for _ in range(warm_up):
        ours()
        theirs()
    times: tuple[list[float], list[float]] = ([], [])
    for turn in range(rounds):
        pair = ((0, ours), (1, theirs))
        for place, action in pair if turn % 2 == 0 else reversed(pair):
            times[place].append(seconds_of(action))
    return Timing.of(times[0]), Timing.of(times[1])


def seconds_of(action: Callable[[], object]) -> float:
    """How long one call takes, in seconds."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def cpu_seconds_of(action: Callable[[], object]) -> tuple[float, float]:
    """How long one call takes by the clock, and how much of the processor's time this process used for it:
    other work on the machine moves the first, hardly the second. Seconds."""
    clock, cpu = time.perf_counter(), time.process_time()
    action()
    return time.perf_counter() - clock, time.process_time() - cpu


def table(lines: Sequence[Line]) -> str:
    """The lines for a terminal: one row each, the ratio and its target first."""
    rows = [("", "ratio", "target", "ours: median / p95 ms", "theirs: median / p95 ms", "what, against what")]
    for line in lines:
        mark = "?" if line.target is None else "ok" if line.met else "MISS"
        target = "—" if line.target is None else f"≤ {line.target:g}"
        note = f"  [{line.note}]" if line.note else ""
        what = f"{line.what} / {line.against}{note}"
        rows.append((mark, f"{line.ratio:.2f}", target, _pair(line.ours), _pair(line.theirs), what))
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    return "\n".join(
        "  ".join(cell.rjust(width) for cell, width in zip(row[:5], widths, strict=True)) + "  " + row[5]
        for row in rows
    )


def _pair(timing: Timing | None) -> str:
    return "—" if timing is None else f"{timing.median:.2f} / {timing.p95:.2f}"
