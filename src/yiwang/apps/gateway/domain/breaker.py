# SPDX-License-Identifier: Apache-2.0
"""A circuit breaker: after failures in a row a source is left alone for a while, then tried by one call.

Pure; the clock is given. Calls run outside its lock, so that a slow one holds nobody up.
Why not a library: docs/decisions/0021.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from yiwang.kernel.termed import Termed

_MOST_DOUBLINGS = 4  # a source that stays dead is tried every 16th of the first rest


class Circuit(Termed):
    """Whether calls pass."""

    CLOSED = "closed", "正常"
    HALF_OPEN = "half_open", "试探恢复"
    OPEN = "open", "已熔断"


@dataclass
class Breaker:
    """Opens after `failures` failures in a row, for `rest` seconds; each failed trial doubles the rest.

    Ask `admit()` before a call and tell `succeeded()` or `failed()` after it.
    """

    failures: int
    rest: float
    clock: Callable[[], float]
    in_a_row: int = 0
    open_until: float | None = None
    _opened: int = 0
    _trial_until: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def state(self) -> Circuit:
        """How it stands now."""
        if self.open_until is None:
            return Circuit.CLOSED
        return Circuit.OPEN if self.clock() < self.open_until else Circuit.HALF_OPEN

    def admit(self) -> bool:
        """Whether a call may pass. After the rest one trial passes; the others wait for its result."""
        with self._lock:
            if self.open_until is None:
                return True
            now = self.clock()
            if now < self.open_until or now < self._trial_until:
                return False
            self._trial_until = now + self.rest  # a trial that never reports does not hold for ever
            return True

    def succeeded(self) -> bool:
        """A call came back; returns whether that closed the circuit."""
        with self._lock:
            was_open = self.open_until is not None
            self.in_a_row, self.open_until, self._opened, self._trial_until = 0, None, 0, 0.0
            return was_open

    def failed(self) -> bool:
        """A call failed; returns whether that opened the circuit (again)."""
        with self._lock:
            self.in_a_row += 1
            now = self.clock()
            trial = self.open_until is not None
            if trial and now < (self.open_until or 0):
                return False  # a call that began before it opened
            if not trial and self.in_a_row < self.failures:
                return False
            self.open_until = now + self.rest * 2 ** min(self._opened, _MOST_DOUBLINGS)
            self._opened += 1
            self._trial_until = 0.0
            return True

    def returned(self) -> None:
        """A call that was admitted did not take place; a trial may be made by another."""
        with self._lock:
            self._trial_until = 0.0

    def open_for(self, seconds: float) -> None:
        """Take over from another process that the source is left alone for so long."""
        with self._lock:
            until = self.clock() + seconds
            if self.open_until is None or self.open_until < until:
                self.open_until, self._opened = until, max(self._opened, 1)
