# SPDX-License-Identifier: Apache-2.0
"""Small catalogues built in code: short words for what the tests need, sound defaults for the rest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.kinds import (
    Citation,
    Definition,
    Duration,
    Element,
    Item,
    LifeEvent,
    Material,
    Org,
    Source,
)
from yiwang.engines.definitions.kinds.base import SourceKind, Unit
from yiwang.engines.definitions.kinds.places import OrgKind
from yiwang.kernel.holidays import HolidayNotice, Layer
from yiwang.kernel.workdays import WorkCalendar

LAW = Citation(doc="law", at="第一条")
MONDAY = dt.date(2026, 3, 2)

CALENDAR = WorkCalendar(
    [
        HolidayNotice(
            year=2026,
            number="测试〔2025〕1号",
            announced=dt.date(2025, 11, 1),
            published_by="测试",
            closed={dt.date(2026, 10, day): "国庆节" for day in range(1, 8)},
            makeup={dt.date(2026, 10, 10): "国庆节调休上班"},
            half={},
            layer=Layer.NATIONAL,
        )
    ]
)


def days(count: str | int | Decimal, unit: str = "working") -> Duration:
    """A duration."""
    return Duration(days=Decimal(count), unit=Unit(unit), cite=LAW)


def element(code: str, name: str, type: str = "text", **more: Any) -> Element:
    """A data element."""
    given = {"id": code, "name": name, "type": type, "subject": "case", "question": f"{name}？"}
    return Element.model_validate({**given, **more})


def material(code: str, name: str, kind: str = "own", fields: Iterable[str] = (), **more: Any) -> Material:
    """A material; `fields` are the elements printed on it."""
    printed = [{"element": one, "label": one} for one in fields]
    given = {"id": code, "name": name, "kind": kind, "subject": "firm", "fields": printed}
    return Material.model_validate({**given, **more})


def item(
    code: str,
    name: str,
    *,
    needs: Iterable[Any] = (),
    gives: Iterable[Any] = (),
    asks: Iterable[Any] = (),
    limit: Duration | None = None,
    **more: Any,
) -> Item:
    """An item: `needs` and `gives` are materials, `asks` elements (an id, or a mapping of the use)."""
    promised = limit or days(1)
    given: dict[str, Any] = {
        "id": code,
        "name": name,
        "kind": "licensing",
        "org": "bureau",
        "for_firms": True,
        "summary": f"{name}的说明",
        "conditions": ["符合条件"],
        "basis": [LAW],
        "elements": [_use("element", one) for one in asks],
        "materials": [{"cite": LAW, **_use("material", one)} for one in needs],
        "outputs": [_use("material", one) for one in gives] or [{"material": f"{code}-result"}],
        "steps": [{"kind": "accept"}, {"kind": "decide"}],
        "legal_limit": promised,
        "promised_limit": promised,
    }
    return Item.model_validate({**given, **more})


def _use(key: str, given: Any) -> dict[str, Any]:
    return {key: given} if isinstance(given, str) else dict(given)


def survey(place: str, **more: Any) -> dict[str, Any]:
    """A site survey step."""
    return {"kind": "site_survey", "visits": place, "limit": days(1), "cite": LAW, **more}


def event(code: str, name: str, members: Iterable[Any], **more: Any) -> LifeEvent:
    """A life event; a member is an item id or a mapping."""
    given: dict[str, Any] = {
        "id": code,
        "name": name,
        "plain_names": [f"办{name}"],
        "summary": name,
        "for_firms": True,
        "lead": "bureau",
        "basis": [LAW],
        "items": [{"because": "法律要求。", **_use("item", one)} for one in members],
    }
    return LifeEvent.model_validate({**given, **more})


def town(*definitions: Definition, digest: str = "test") -> Catalogue:
    """A catalogue of these definitions, a law and two departments; results nobody defined are added."""
    folders: dict[str, dict[str, Definition]] = {
        "sources": {
            "law": Source(id="law", name="测试法", kind=SourceKind.LAW, publisher="测试"),
        },
        "orgs": {
            code: Org(id=code, name=name, kind=OrgKind.DEPARTMENT, short_name=name, cite=LAW)
            for code, name in (("bureau", "审批局"), ("fire", "消防队"))
        },
    }
    names = {Element: "elements", Material: "materials", Item: "items", LifeEvent: "life_events"}
    for one in definitions:
        folders.setdefault(names[type(one)], {})[one.id] = one
    materials = folders.setdefault("materials", {})
    for one in definitions:
        if isinstance(one, Item):
            for output in one.outputs:
                if output.material not in materials:
                    materials[output.material] = material(output.material, f"{one.name}的结果", "result")
    return Catalogue.of(folders, digest=digest)
