# SPDX-License-Identifier: Apache-2.0
"""Where `wiring.py` plugs in who grants and who asks, and how several are asked at once.

Nothing plugged in: nothing is offered, nothing is asked.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import connections

from .domain.offers import Granted

_log = logging.getLogger(__name__)
_ASK_AT_ONCE = 8


@dataclass(frozen=True)
class Request:
    """One call for one application: under which grant, whom it is about, by whose consent."""

    grant: str
    resource: str
    org: str
    item: str
    keys: Mapping[str, Any]
    fields: tuple[str, ...]
    purpose: str
    case: str
    subject: str
    consent: str


@dataclass(frozen=True)
class Reply:
    """What came back, and the receipt by which either side can prove the call later."""

    rows: Sequence[Mapping[str, Any]]
    receipt: str


class Exchange(Protocol):
    """Who knows the grants and makes the calls."""

    def grant_of(self, resource: str, org: str, item: str, *, at: dt.datetime) -> Granted | None:
        """The grant in force, if there is one."""
        ...

    def ask(self, request: Request, *, now: dt.datetime) -> Reply:
        """Ask. Raises YiwangError when it may not be asked or does not answer in time."""
        ...


class NoExchange:
    """Nobody grants anything."""

    def grant_of(self, resource: str, org: str, item: str, *, at: dt.datetime) -> Granted | None:
        """None."""

    def ask(self, request: Request, *, now: dt.datetime) -> Reply:
        """Never called, because nothing is granted. Raises RuntimeError."""
        raise RuntimeError("no exchange is plugged in")


Jobs = Sequence[Callable[[], None]]
Runner = Callable[[Jobs, float], None]
"""Begin all jobs at once; come back when they are done, or after these seconds."""


def in_threads(jobs: Jobs, patience: float) -> None:
    """Each job in a thread of its own, with its own connection to the database."""
    if jobs:
        wait([_pool.submit(_alone, job) for job in jobs], timeout=patience)


def one_by_one(jobs: Jobs, patience: float) -> None:
    """Each job in turn, in this thread: for tests, whose database is one transaction."""
    for job in jobs:
        job()


def _alone(job: Callable[[], None]) -> None:
    try:
        job()
    except Exception:
        _log.exception("a lookup of shared data broke off")
    finally:
        connections.close_all()


_pool = ThreadPoolExecutor(max_workers=_ASK_AT_ONCE, thread_name_prefix="lookups")
_plugged: dict[str, Any] = {"exchange": NoExchange(), "runner": in_threads}


def use_exchange(exchange: Exchange, *, runner: Runner = in_threads) -> None:
    """Set who grants and asks (replaces what was set)."""
    _plugged.update(exchange=exchange, runner=runner)


def exchange() -> Exchange:
    """Who grants and asks."""
    found: Exchange = _plugged["exchange"]
    return found


def runner() -> Runner:
    """How several are asked at once."""
    found: Runner = _plugged["runner"]
    return found
