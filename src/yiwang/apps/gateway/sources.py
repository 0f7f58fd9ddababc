# SPDX-License-Identifier: Apache-2.0
"""Ask a source for rows: within its time, its share of the house, its circuit breaker; then check them."""

from __future__ import annotations

import logging
import time
from dataclasses import replace

from django.conf import settings

from yiwang.apps.exchange.public import resource as resource_of
from yiwang.engines.exchange import Resource
from yiwang.kernel.dates import today_in_china
from yiwang.kernel.errors import Invalid, YiwangError

from . import sources_health as health
from .domain.answers import Answer, check_answer
from .domain.connecting import Query, Row, SourceBusy, SourceDown, SourceMalformed, SourceSlow, SourceTooLarge
from .sources_kept import Kept, kept
from .sources_slots import slot

log = logging.getLogger(__name__)

_NEW = 0.2  # weight of the last call in a source's pace


def fetch(resource: str | Resource, query: Query) -> list[Row]:
    """The rows of a resource that have these keys, with the query's fields and keys; checked.

    Not within a transaction: a source may take its time.

    Raises:
        SourceUnknown, SourceDown, SourceSlow (SourceBusy), SourceMalformed (WrongSubject), SourceTooLarge:
            the source is at fault; nothing of its answer is passed on.
        Invalid: the question is.
    """
    return answer(resource, query).rows


def answer(resource: str | Resource, query: Query) -> Answer:
    """The same, with what is doubtful in the rows."""
    wanted = resource_of(resource) if isinstance(resource, str) else resource
    source = kept(wanted.id)
    if not source.breaker.admit():
        raise SourceDown("这个数据来源连续失败，暂停访问。", mend="系统会自动试探恢复，请稍后再试。")
    rows = _asked(source, query)
    try:
        found = check_answer(wanted, query, rows, today_in_china())
    except SourceMalformed as error:
        health.refused(source, error)
        raise
    if found.flags:
        health.flagged(source)
    return found


def _asked(source: Kept, query: Query) -> list[Row]:
    """The rows as they come; the breaker learns how it went."""
    fields = tuple(dict.fromkeys((*query.fields, *query.keys)))
    limit = min(query.limit, source.limits.most_rows)
    if (fields, limit) != (query.fields, query.limit):
        query = replace(query, fields=fields, limit=limit)
    try:
        with slot(source.public_id, most=_share(source), wait=source.wait):
            start = time.monotonic()
            try:
                rows = source.connector.fetch(query, deadline=start + source.limits.total_seconds)
            finally:
                source.pace += _NEW * (time.monotonic() - start - source.pace)
        if len(rows) > limit:
            raise SourceTooLarge(f"符合条件的超过{limit}条。", mend="请增加查询条件。")
    except (SourceBusy, Invalid):
        source.breaker.returned()
        raise
    except (SourceDown, SourceSlow) as error:
        health.failed(source, error)
        raise
    except YiwangError as error:
        health.good(source)
        health.refused(source, error)
        raise
    except Exception as error:
        log.exception("connector of %s failed", source.resource)
        told = SourceDown("数据来源的连接器出错。", mend="请联系运维人员。")
        health.failed(source, told)
        raise told from error
    health.good(source)
    return rows


def _share(source: Kept) -> int:
    """How many may ask at once: a source that was slow or failed lately leaves one process to the others."""
    if not source.doubtful:
        return source.at_once
    return max(1, min(source.at_once, settings.ENV["WORKERS"] - 1))
