# SPDX-License-Identifier: Apache-2.0
"""The data bureau's part: review, merge, publish in rolling batches."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.journal.public import record
from yiwang.apps.licences import public as licences
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from yiwang.kernel.ids import new_public_id

from ..domain.filings import Kind, State, move
from ..domain.lists import usable_licences, waived_items
from ..domain.rows import declared_from, survey_from
from ..models import Filing, PublishedList, Series
from ..parts import NoSuchFiling, require_bureau
from ..published import usable
from .filing import NotComplete, complaints_of, note


@transaction.atomic
def review(actor: Actor, filing: str, *, approve: bool, words: str = "") -> None:
    """Approve a report, or send it back with the reason.

    Raises:
        NotAllowed: not the data bureau, or somebody who filled it in. NoSuchFiling.
        Invalid: sent back without a reason. NotComplete: approved although something is wrong by now.
        Conflict: it does not await review.
    """
    require_bureau(actor)
    row = Filing.objects.select_for_update().filter(public_id=filing).first()
    if row is None:
        raise NoSuchFiling
    if actor.id in row.filled_by:
        raise NotAllowed("填报人不能审核自己填的。", mend="请由另一位数据管理员审核。")
    state = move(State(row.state), State.REVIEWED if approve else State.RETURNED)
    if not approve and not words.strip():
        raise Invalid("退回要写明原因。", mend="写清楚哪一项要改成什么样。", field="words")
    if approve and (problems := complaints_of(row)):
        raise NotComplete(problems)
    row.state, row.reviewed_at, row.reviewed_by = state.value, timezone.now(), actor.id
    row.words = words.strip()[:500]
    row.version += 1
    row.save(update_fields=["state", "reviewed_at", "reviewed_by", "words", "version"])
    note(actor, "reviewed" if approve else "returned", row)


@transaction.atomic
def merge(actor: Actor, kind: Kind) -> str:
    """Merge every reviewed report of a kind into the batch that is to be published; its public id.

    A second call before publication merges what was reviewed since into the same batch.

    Raises NotAllowed: not the data bureau. Conflict: nothing was reviewed since.
    """
    require_bureau(actor)
    _series(kind)  # the lock: one merges or publishes at a time
    rows = list(Filing.objects.select_for_update().filter(kind=kind.value, state=State.REVIEWED.value))
    batch = PublishedList.objects.filter(kind=kind.value, number=None).first()
    if not rows:
        raise Conflict("没有新审核通过的填报可以汇总。", mend="请先审核各部门的填报。")
    batch = batch or PublishedList(public_id=new_public_id("wl"), kind=kind.value)
    batch.merged_at, batch.merged_by = timezone.now(), actor.id
    batch.save()
    for row in rows:
        row.state, row.published = move(State(row.state), State.MERGED).value, batch
        row.save(update_fields=["state", "published"])
        note(actor, "merged", row)
    batch.entries = _entries(kind, batch)
    batch.save(update_fields=["entries"])
    _note_list(actor, "merged", batch, len(batch.entries))
    return batch.public_id


def _entries(kind: Kind, batch: PublishedList) -> list[dict[str, Any]]:
    """What the reports say. Licences that an earlier batch left out come up again."""
    catalogue = current().catalogue
    if kind is Kind.DECLARATION:
        declared = [row for one in batch.filings.order_by("id") for row in declared_from(one.rows)]
        return [asdict(one) for one in waived_items(row for row in declared if row.item in catalogue.items)]
    merged = Filing.objects.filter(kind=kind.value, state__in=[State.MERGED.value, State.LISTED.value])
    newest = {one.org: one for one in merged.order_by("year", "id")}  # the last word of each department
    surveyed = [row for one in newest.values() for row in survey_from(one.rows)]
    return [asdict(one) for one in usable_licences(catalogue, surveyed, usable())]


@transaction.atomic
def publish(actor: Actor, batch: str, *, chosen: Collection[str]) -> int:
    """Publish a merged batch with the entries that were chosen; returns its number.

    For a list of usable e-licences the six months begin in which existing licences are converted.

    Args:
        chosen: materials of a list of licences, items of a list of items.

    Raises NotAllowed; NotFound; Conflict: published already; Invalid: nothing chosen, or what is not in it.
    """
    require_bureau(actor)
    found = PublishedList.objects.filter(public_id=batch).first()
    if found is None:
        raise NotFound("没有这批清单。", mend="请回到清单列表，从中选择。")
    kind = Kind(found.kind)
    series = _series(kind)
    row = PublishedList.objects.select_for_update().get(pk=found.pk)
    if row.number is not None:
        raise Conflict(f"已经作为第{row.number}批发布。", mend="要更新，请汇总新的填报后发布下一批。")
    key = "material" if kind is Kind.SURVEY else "item"
    entries = [one for one in row.entries if one[key] in chosen]
    if not entries or len(entries) != len(set(chosen)):
        raise Invalid("请选择要发布的内容。", mend="至少勾选一项；页面过时的请先刷新。", field="chosen")
    series.last += 1
    series.save(update_fields=["last"])
    row.number, row.entries = series.last, entries
    row.published_on, row.published_by = timezone.localdate(), actor.id
    row.save(update_fields=["number", "entries", "published_on", "published_by"])
    for one in row.filings.select_for_update():
        one.state = move(State(one.state), State.LISTED).value
        one.save(update_fields=["state"])
        note(actor, "listed", one)
    _note_list(actor, "published", row, len(entries))
    if kind is Kind.SURVEY:
        licences.expect_stock(
            actor,
            list_name=title_of(kind, row.number),
            materials=[one["material"] for one in entries],
            published_on=row.published_on,
        )
    return row.number


def title_of(kind: Kind, number: int) -> str:
    """The name of a batch: 可用电子证照清单（第1批）."""
    return f"{kind.list_term}（第{number}批）"


def _series(kind: Kind) -> Series:
    Series.objects.bulk_create([Series(kind=kind.value)], ignore_conflicts=True)
    return Series.objects.select_for_update().get(kind=kind.value)


def _note_list(actor: Actor, what: str, row: PublishedList, count: int) -> None:
    detail = {"kind": row.kind, "number": row.number or 0, "count": count}
    record(actor, f"waiver_list.{what}", stream="waiver-lists", about=row.public_id, detail=detail)
