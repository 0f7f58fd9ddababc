# SPDX-License-Identifier: Apache-2.0
"""免证可办: the published lists, what each item uses of the four, which documents are kept electronically."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from yiwang.apps.catalogue.public import current
from yiwang.apps.materials.public import catalogue_of
from yiwang.apps.waivers.public import Channel, FourUses, Kind, ListView, four_uses, published_lists
from yiwang.desks.access import access
from yiwang.engines.definitions import Catalogue
from yiwang.engines.definitions.citing import cite_words, duration_words
from yiwang.engines.definitions.kinds import Item
from yiwang.engines.definitions.kinds.base import Citation, SourceKind


@dataclass(frozen=True)
class Row:
    """A line of a list: its first cell, where that leads, and the others."""

    name: str
    item: str
    cells: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Batch:
    """A published batch."""

    one: ListView
    rows: Sequence[Row]


@dataclass(frozen=True)
class Later:
    """A document that may come after acceptance: the promise, how long, for whom, by which basis."""

    name: str
    promise: str
    within: str
    good_credit: bool
    basis: str


@dataclass(frozen=True)
class LaterItem:
    """An item with its main documents, and those that may come later."""

    id: str
    name: str
    department: str
    main: str
    later: Sequence[Later]


@access(public=True, why="公报2022年第10号 L719–721：公布可容缺受理的事项清单")
@require_safe
def later(request: HttpRequest) -> HttpResponseBase:
    """可容缺受理的事项清单: item, main documents, which may come later; as the release in force says."""
    known = current().catalogue
    found = [one for one in known.items.values() if any(use.deferrable for use in one.materials)]
    items = [_later(known, one) for one in sorted(found, key=lambda one: known.orgs[one.org].name)]
    return render(request, "desks/portal/later_list.html", {"items": items})


def _later(known: Catalogue, item: Item) -> LaterItem:
    main = [use.material for use in item.materials if use.required and not use.deferrable]
    return LaterItem(
        item.id,
        item.name,
        known.orgs[item.org].name,
        _names(known, main),
        [
            Later(
                known.materials[use.material].name,
                use.deferrable.promise,
                duration_words(use.deferrable.within),
                use.deferrable.good_credit,
                _basis(known, use.deferrable.within.cite),
            )
            for use in item.materials
            if use.deferrable
        ],
    )


def _basis(known: Catalogue, cite: Citation) -> str:
    """Where the days come from; what the city set itself says why."""
    ours = known.sources[cite.doc].kind is SourceKind.SETTING
    return f"本市自行设定。{cite.quote or ''}" if ours else cite_words(known, cite)


@access(public=True, why="免证可办清单是公开信息")
@require_safe
def lists(request: HttpRequest) -> HttpResponseBase:
    """Batches, the newest first; then the four-e list and the catalogue of e-materials, both derived."""
    known, today = current().catalogue, timezone.localdate()
    uses = [one for one in four_uses(known, today) if one.count]
    page = {
        "items": [Batch(one, _items(known, one)) for one in published_lists(Kind.DECLARATION)],
        "licences": [Batch(one, _licences(known, one)) for one in published_lists(Kind.SURVEY)],
        "four": [_four(known, one) for one in uses],
        "materials": [
            Row(
                one.material.name,
                "",
                [
                    ("来源", "、".join(origin.term for origin in one.origins)),
                    ("可以再用", f"{one.days}日内" if one.days else "只存档"),
                ],
            )
            for one in catalogue_of(known, today)
        ],
    }
    return render(request, "desks/portal/lists.html", page)


def _items(known: Catalogue, batch: ListView) -> list[Row]:
    return [
        Row(
            known.items[one.item].name,
            one.item,
            [
                ("办理部门", known.orgs[known.items[one.item].org].name),
                ("不用交的证照", _names(known, one.materials)),
            ],
        )
        for one in batch.items
        if one.item in known.items
    ]


def _licences(known: Catalogue, batch: ListView) -> list[Row]:
    return [
        Row(
            _names(known, [one.material]),
            "",
            [
                ("发证部门", known.orgs[one.issuer].name if one.issuer in known.orgs else "外地或其他单位"),
                ("从哪里取得", "、".join(Channel(channel).term for channel in one.channels)),
            ],
        )
        for one in batch.licences
    ]


def _four(known: Catalogue, one: FourUses) -> Row:
    kinds = (
        ("电子证照", one.licences),
        ("电子材料", one.materials),
        ("电子印章", one.sealed),
        ("电子签名", one.signed),
    )
    return Row(one.item.name, one.item.id, [(label, _names(known, those)) for label, those in kinds])


def _names(known: Catalogue, materials: Sequence[str]) -> str:
    return "、".join(known.materials[one].name if one in known.materials else one for one in materials)
