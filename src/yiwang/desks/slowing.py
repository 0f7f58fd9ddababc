# SPDX-License-Identifier: Apache-2.0
"""Slow down who tries much: so many tries a minute from one address, counted in this process.

Several processes count each for itself: a limit for guessers and for load, not a promise of a number.
Nothing is kept beyond the minute.
"""

from __future__ import annotations

import threading
import time
from collections import Counter

from django.http import HttpRequest

from .visitors import address_of

_MINUTE = 60


class PerMinute:
    """Counts the tries of each visitor within the running minute."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._minute = 0
        self._tries: Counter[str] = Counter()

    def take(self, request: HttpRequest, most: int) -> bool:
        """Count one try; whether it is within `most` a minute."""
        minute = int(time.time() // _MINUTE)
        address = address_of(request)
        with self._lock:
            if minute != self._minute:
                self._minute, self._tries = minute, Counter()
            self._tries[address] += 1
            return self._tries[address] <= most
