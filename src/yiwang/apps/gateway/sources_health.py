# SPDX-License-Identifier: Apache-2.0
"""How sources are doing: what this process saw, written down for all others, the page and monitoring."""

from __future__ import annotations

import datetime as dt
import logging
import time
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from yiwang.apps.journal.public import record
from yiwang.kernel.actor import system
from yiwang.kernel.errors import YiwangError

from .domain.breaker import Circuit
from .domain.connecting import WrongSubject
from .models.sources import SourceHealth
from .sources_kept import Kept

log = logging.getLogger(__name__)

_GATEWAY = system("共享数据网关")
_MINUTE = 60.0  # seconds between two notes that all is well


def good(source: Kept) -> None:
    """A call was answered."""
    closed = source.breaker.succeeded()
    now = time.monotonic()
    if not closed and now - source.good_told < _MINUTE:
        return
    source.good_told = now
    if closed:
        log.info("source of %s answers again", source.resource)
    _note(source, good_at=timezone.now(), circuit=Circuit.CLOSED.value, open_until=None)


def failed(source: Kept, error: YiwangError) -> None:
    """A call was not answered, or too late."""
    opened = source.breaker.failed()
    now = timezone.now()
    changes: dict[str, Any] = {"failed": F("failed") + 1, "bad_at": now, "bad_words": error.message[:200]}
    if opened:
        rest = (source.breaker.open_until or 0) - source.breaker.clock()
        changes |= {"circuit": Circuit.OPEN.value, "open_until": now + dt.timedelta(seconds=max(rest, 0))}
        source.good_told = float("-inf")
        log.warning("source of %s left alone for %.0f s", source.resource, rest)
    _note(source, **changes)


def refused(source: Kept, error: YiwangError) -> None:
    """An answer was refused; somebody else's row is an incident, so the journal has it too."""
    with transaction.atomic():
        _note(source, refused=F("refused") + 1, bad_at=timezone.now(), bad_words=error.message[:200])
        if isinstance(error, WrongSubject):
            record(
                _GATEWAY, "source.wrong_subject", stream=f"source:{source.public_id}", about=source.resource
            )
    log.warning("answer of the source of %s refused: %s", source.resource, type(error).__name__)


def flagged(source: Kept) -> None:
    """An answer held doubtful numbers."""
    _note(source, flagged=F("flagged") + 1)


def _note(source: Kept, **changes: Any) -> None:
    if SourceHealth.objects.filter(source_id=source.source).update(**changes):
        return
    with transaction.atomic():
        SourceHealth.objects.get_or_create(source_id=source.source)
        SourceHealth.objects.filter(source_id=source.source).update(**changes)
