# SPDX-License-Identifier: Apache-2.0
"""The census (数据普查): a department drafts a resource, the bureau takes it into a definitions file.

A draft is a proposal and nothing else: what is in force stands in the published release.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.journal.public import record
from yiwang.engines.exchange.drafting import as_yaml, read_resource
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, Invalid, NotFound
from yiwang.kernel.ids import new_public_id

from ..domain.census import CensusState
from ..models import CensusEntry
from ..parts import data_orgs, is_bureau, require_bureau, require_data_officer

_LARGEST = 100_000
"""Characters of a draft."""
_TRIAL = "not-yet-numbered"
"""Stands for the id the bureau gives when it takes a draft."""


class NoSuchEntry(NotFound):
    """There is none, or none the actor may know of: in the same words."""

    def __init__(self) -> None:
        super().__init__("没有这份普查登记，或者您无权查看。", mend="请回到列表，从中选择。")


@transaction.atomic
def save_entry(actor: Actor, org: str, draft: Mapping[str, Any], *, entry: str = "", version: int = 0) -> str:
    """Keep what was typed, complete or not; returns the draft's public id.

    Raises NotAllowed, NoSuchEntry; Conflict: stale page, or already handed in; Invalid: far too long.
    """
    require_data_officer(actor, org)
    if len(json.dumps(dict(draft))) > _LARGEST:
        raise Invalid("内容太长了。", mend="请把信息项分到几个资源里登记。")
    now = timezone.now()
    if not entry:
        row = CensusEntry(public_id=new_public_id("census"), org=org, began_at=now)
    else:
        row = _locked(actor, entry, version)
        require_data_officer(actor, row.org)
        _require_open(row)
        row.version += 1
    row.state, row.draft = row.state or CensusState.DRAFT.value, {**draft, "provider": row.org}
    row.changed_at, row.filled_by = now, actor.id
    row.save()
    _note(actor, "saved", row)
    return row.public_id


@transaction.atomic
def hand_in(actor: Actor, entry: str, *, version: int) -> None:
    """Hand a complete draft in to the bureau.

    Raises NotAllowed, NoSuchEntry, Conflict; DefinitionErrors: everything that is missing or wrong.
    """
    row = _locked(actor, entry, version)
    require_data_officer(actor, row.org)
    _require_open(row)
    _checked(row, _TRIAL)
    row.words = ""
    _move(actor, row, CensusState.HANDED_IN)


@transaction.atomic
def answer_entry(
    actor: Actor, entry: str, *, take: bool, version: int, resource: str = "", words: str = ""
) -> None:
    """The bureau takes a draft under an id, or sends it back saying why.

    Raises NotAllowed, NoSuchEntry, Conflict; Invalid: no reason, or an id that is taken;
    DefinitionErrors: the catalogue changed so that the draft does not fit any more.
    """
    require_bureau(actor)
    row = _locked(actor, entry, version)
    if CensusState(row.state) is not CensusState.HANDED_IN:
        raise Conflict("这份登记没有在等收录。", mend="请刷新页面看最新状态。")
    if not take and not words.strip():
        raise Invalid("退回要写明原因。", mend="写清楚要改什么。", field="words")
    if take:
        _checked(row, resource)
        row.resource, row.taken_by = resource, actor.id
    row.words = words.strip()[:500]
    try:
        with transaction.atomic():
            _move(actor, row, CensusState.TAKEN if take else CensusState.RETURNED)
    except IntegrityError:
        raise Invalid("另一份登记已经用了这个编号。", mend="请换一个编号。", field="resource") from None


def entry_yaml(actor: Actor, entry: str) -> str:
    """A taken or handed-in draft as the text of a definitions file. Raises NoSuchEntry."""
    row = CensusEntry.objects.filter(public_id=entry).first()
    if row is None or not sees(actor, row.org):
        raise NoSuchEntry
    return as_yaml({"id": row.resource or _TRIAL, **row.draft})


def sees(actor: Actor, org: str) -> bool:
    """Whether the actor may read a draft of this department."""
    return is_bureau(actor) or org in data_orgs(actor)


def _checked(row: CensusEntry, identity: str) -> None:
    text = as_yaml({"id": identity, **row.draft}).encode()
    read_resource(text, current().catalogue, file=f"{row.public_id}.yaml")


def _locked(actor: Actor, entry: str, version: int) -> CensusEntry:
    row = CensusEntry.objects.select_for_update().filter(public_id=entry).first()
    if row is None or not sees(actor, row.org):
        raise NoSuchEntry
    if row.version != version:
        raise Conflict("这份登记刚刚有变化。", mend="请刷新页面，看清最新内容再办。")
    return row


def _require_open(row: CensusEntry) -> None:
    if not CensusState(row.state).open:
        raise Conflict(
            f"这份登记{CensusState(row.state).term}，不能再改。", mend="要改的，请数据管理局退回。"
        )


def _move(actor: Actor, row: CensusEntry, now: CensusState) -> None:
    row.state = now.value
    row.version += 1
    row.changed_at = timezone.now()
    row.save()
    _note(actor, now.value, row)


def _note(actor: Actor, what: str, row: CensusEntry) -> None:
    detail = {"org": row.org, "state": row.state, "resource": row.resource}
    record(actor, f"census.{what}", stream=f"census:{row.public_id}", about=row.public_id, detail=detail)
