# SPDX-License-Identifier: Apache-2.0
"""Who looked at my licences (谁看过我的证照): every look, and every look refused, page by page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from yiwang.apps.catalogue.public import current
from yiwang.apps.identity.public import firms_of, subjects
from yiwang.apps.journal.public import Kinds, Look, looks_page
from yiwang.apps.licences.public import licences
from yiwang.apps.presentment.public import LICENCE_LOOKS
from yiwang.desks.access import RequestWithActor, access
from yiwang.kernel.actor import Actor, Matter

_SIZE = 30
_WAYS = {
    "present.scan.look": "您亮证，对方扫码",
    "present.refused": "没有看到",
    "authorisation.look": "您授权窗口调用",
    "authorisation.file.look": "您授权窗口调取文件",
    "authorisation.code.wrong": "授权码输错，没有看到",
    "licence.own.look": "本人调用",
    "licence.look": "查看、下载证照",
    "evidence.look": "办件时系统核对电子证照",
}


@dataclass(frozen=True)
class Row:
    """One look in words."""

    at: dt.datetime
    who: str
    whose: str
    what: str
    way: str
    refused: bool
    said: str
    purpose: str
    basis: str


@access(person=True)
@require_safe
def licence_looks(request: RequestWithActor) -> HttpResponseBase:
    """Newest first; one's own among them."""
    actor = request.actor
    whose = {actor.id: "本人"} | {firm.public_id: firm.name for firm in firms_of(actor, Matter.APPLICATIONS)}
    before = request.GET.get("before", "")
    start = int(before) if before.isascii() and before.isdecimal() and len(before) < 19 else None
    found = looks_page(list(whose), Kinds(*LICENCE_LOOKS), before=start, size=_SIZE)
    page = {
        "here": "licence_looks",
        "rows": _rows(actor, found.rows, whose),
        "before": found.before,
        "first": start is None,
    }
    return render(request, "desks/portal/licence_looks.html", page)


def _rows(actor: Actor, looks: Sequence[Look], whose: Mapping[str, str]) -> list[Row]:
    names = _names(actor, looks)
    kinds = {key: one.name for key, one in current().catalogue.materials.items()}
    found = licences({look.about for look in looks})
    kinds |= {one.public_id: kinds.get(one.material, one.material) for one in found}
    return [_row(look, names, kinds, whose) for look in looks]


def _row(look: Look, names: Mapping[str, str], kinds: Mapping[str, str], whose: Mapping[str, str]) -> Row:
    who = names.get(look.actor, look.actor_name)
    firm = names.get(str(look.detail.get("on_behalf", "")), "")
    return Row(
        at=timezone.localtime(look.at),
        who=f"{firm}（经办人 {who}）" if firm else who,
        whose=whose[look.subject],
        what=_what(look, kinds),
        way=_WAYS.get(look.action, "查看证照"),
        refused=not look.action.endswith(".look"),
        said=str(look.detail.get("said", "")),
        purpose=look.purpose,
        basis=look.basis,
    )


def _what(look: Look, kinds: Mapping[str, str]) -> str:
    """The name of the licence; of a look of the evidence resolver, of the kinds it asked for."""
    asked = look.detail.get("asked")
    if isinstance(asked, list):
        return "、".join(dict.fromkeys(kinds[one] for one in asked if one in kinds)) or "证照载明的信息"
    return kinds.get(look.about, "")


def _names(actor: Actor, looks: Sequence[Look]) -> dict[str, str]:
    """Who looked: people masked, firms by name, oneself as 本人. Officers are named by the journal."""
    ids = {look.actor for look in looks} | {str(look.detail.get("on_behalf", "")) for look in looks}
    people = {one for one in ids if one.startswith(("p_", "f_"))}
    return {key: one.masked_name for key, one in subjects(people).items()} | {actor.id: "本人"}
