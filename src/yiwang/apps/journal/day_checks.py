# SPDX-License-Identifier: Apache-2.0
"""Check the roots of the days and their seals. Batches and entries are checked in `queries`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

from django.db.models import Sum

from .days import batch_roots_root, chained
from .domain.chain import GENESIS, Problem
from .domain.days import Day, day_name
from .domain.merkle import sm3
from .models import DAY_SEALS, DAYS, Batch, DayRoot, DaySeal, Stream

SealCheck = Callable[[bytes, bytes], str]
"""(SES_Signature as DER, SM3 of what it protects) → "" when it is good, else which step fails and why."""


def check_days(known: dict[dt.date, str], check_seal: SealCheck | None) -> Iterator[Problem]:
    """Yield each day's first problem, then the first of the chain of seals. Constant memory.

    Args:
        known: digests of statements that were noted outside this database.
        check_seal: None: only that the seals are there in order.
    """
    head = _head(DAYS)
    before: Day | None = None
    digest = GENESIS
    for row in DayRoot.objects.order_by("number").iterator():
        said = row.said()
        if what := _wrong_with(row, said, said.follows(before, digest), known.pop(said.day, "")):
            yield Problem(day_name(said.day), None, what)
        elif said.number == head.length and row.digest != head.head:
            yield Problem(day_name(said.day), None, "与日根链的末端不符：日根被改动")
        before, digest = said, row.digest
    if (before.number if before else 0) < head.length:
        last = f"日根第 {before.number + 1 if before else 1} 日"
        yield Problem(last, None, f"应有 {head.length} 日，末尾的不见了")
    for day in sorted(known):
        yield Problem(day_name(day), None, "另行留存了摘要，这里却没有这一日")
    yield from _check_seals(check_seal)


def _head(key: str) -> Stream:
    return Stream.objects.filter(key=key).first() or Stream(key=key, length=0, head=GENESIS)


def _wrong_with(row: DayRoot, said: Day, follows: bool, known: str) -> str:
    if not follows:
        return "与上一日接不上：有日根被删除、改动或调换"
    if row.digest != said.digest():
        return "日根与摘要不符：这一日的记载被改动"
    if known and known != row.digest:
        return "与另行留存的摘要不符：整本日志可能被改写"
    batches = Batch.objects.filter(number__gte=said.first_batch, number__lte=said.last_batch)
    if said.entries != (batches.aggregate(total=Sum("count"))["total"] or 0):
        return "行数与这一日的批次不符：有批次被删除或改动"
    if said.root != batch_roots_root(said.first_batch, said.last_batch):
        return "树根与这一日的批次不符：有批次被改动、增加或调换"
    return ""


def _check_seals(check_seal: SealCheck | None) -> Iterator[Problem]:
    total = GENESIS
    count = 0
    for seal in DaySeal.objects.select_related("day").order_by("day__number").iterator(chunk_size=100):
        count += 1
        where, der = f"{day_name(seal.day.day)}的签章", bytes(seal.signature)
        total = chained(total, der)
        if seal.day.number != count:
            yield Problem(where, None, f"它之前有日根没有签章（第 {count} 日）：有签章被删除")
            return
        why = check_seal(der, sm3(seal.day.said().statement())) if check_seal else ""
        if why:
            yield Problem(where, None, f"验证不通过：{why}")
    head = _head(DAY_SEALS)
    if (count, total) != (head.length, head.head):
        yield Problem(
            "日根的签章", None, f"应有 {head.length} 个，实有 {count} 个，或内容不符：有签章被改动或删除"
        )
