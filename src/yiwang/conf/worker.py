# SPDX-License-Identifier: Apache-2.0
"""The worker's rounds: deliver messages, let clocks run, seal the journal.

Any number of workers may run. Each message is taken by one (its row is locked); the timers run in
one worker at a time. A stop is obeyed between two messages. A database that goes away is waited for.
"""

from __future__ import annotations

import datetime as dt
import logging
import signal
import time
from dataclasses import dataclass
from types import FrameType

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, close_old_connections

from yiwang import wiring
from yiwang.apps.journal.public import deliver_due
from yiwang.kernel.errors import YiwangError

from .locks import only_one

log = logging.getLogger(__name__)

_LONGEST_WAIT = 30.0  # seconds between two looks for a lost database
_NAP = 0.2  # seconds: how soon a sleeping worker notices that it shall stop


@dataclass
class Worker:
    """One worker process. `every`: seconds between looks; `timers_every`: between two runs of the timers."""

    every: float
    timers_every: float
    stopping: bool = False
    _timers_at: float = 0.0

    def listen(self) -> None:
        """Stop on SIGTERM and SIGINT."""
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def run(self) -> None:
        """Work until told to stop."""
        lost = 0
        log.info("worker started")
        while not self.stopping:
            try:
                self.round()
            except (OperationalError, InterfaceError) as error:
                lost += 1
                if lost == 1:
                    log.warning("database out of reach (%s), waiting for it", type(error).__name__)
            except Exception:
                log.exception("worker round failed")
            else:
                if lost:
                    log.warning("database is back")
                lost = 0
            self._sleep(min(self.every * 2 ** min(lost, 10), _LONGEST_WAIT))
        log.info("worker stopped")

    def round(self) -> None:
        """Deliver what is due, then run the timers if it is time. Raises DatabaseError."""
        close_old_connections()
        self._deliver()
        if not self.stopping and time.monotonic() >= self._timers_at:
            self._run_timers()
            self._timers_at = time.monotonic() + self.timers_every
            self._deliver()
        close_old_connections()

    def _deliver(self) -> None:
        give_up = dt.timedelta(hours=settings.ENV["OUTBOX_GIVE_UP_HOURS"])
        handlers = wiring.outbox()
        while not self.stopping and deliver_due(handlers, give_up_after=give_up, limit=1):
            pass

    def _run_timers(self) -> None:
        with only_one("timers") as ours:
            for timer in wiring.timers() if ours else ():
                if self.stopping:
                    return
                try:
                    timer()
                except DatabaseError:
                    raise
                except YiwangError as error:
                    log.warning("timer waits: %s", error.message)
                except Exception:
                    log.exception("timer failed")

    def _sleep(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not self.stopping and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, _NAP))
