# SPDX-License-Identifier: Apache-2.0
"""A catalogue of one errand and five items in which every edge of a case is small and known.

- `alpha` (行政许可, 5 working days promised, 20 by law) issues the licence that `beta` needs; it has a
  hearing (stops the clock) and a public notice (counts).
- `beta` waits for `alpha`, and by law for `delta`. `gamma` (其他权力, 3 calendar days) may be handed in
  only where it is handled.
- `delta` looks at the site and takes one document late (容缺) and one commitment (告知承诺).
- `epsilon` looks at the same site, so that both go together.

The `sketch` that `alpha` asks for where it is large may be used again for thirty days.

Calendars, clocks, the process, settings, orgs and places are the repository's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from support.city import definitions
from yiwang.engines.definitions import Catalogue, Definition
from yiwang.engines.definitions.kinds import Element, Item, LifeEvent, Material
from yiwang.engines.definitions.kinds.reuse import ReuseRule
from yiwang.engines.definitions.release import digest_of

EVENT = "small-errand"
CITE = {"doc": "xingzheng-xuke-fa", "at": "第一条"}
ORGS = {"alpha": "health", "beta": "health", "gamma": "education", "delta": "taxation", "epsilon": "hrss"}
FOR_GOOD_CREDIT = {
    "promise": "受理后补齐",
    "within": {"days": 3, "unit": "working", "cite": CITE},
    "good_credit": True,
}
COMMITMENT = {
    **{"list_entry": "甲类证明", "proves": "丁事项的情况", "cite": CITE},
    **{"agent_may": True, "agent_cite": CITE},
    "check": {
        "standard": "与登记一致",
        "within": {"days": 5, "unit": "working", "cite": CITE},
    },
}
NAMES = {"alpha": "甲证", "beta": "乙证", "gamma": "丙备案", "delta": "丁核准", "epsilon": "戊核准"}


def days(number: float, unit: str = "working") -> dict[str, Any]:
    """A duration."""
    return {"days": number, "unit": unit, "cite": CITE}


def _material(id_: str, kind: str, **more: Any) -> Material:
    return Material.model_validate({"id": id_, "name": f"材料{id_}", "kind": kind, "subject": "case", **more})


def _materials() -> list[Material]:
    code = {"element": "alpha-code", "label": "甲证编号"}
    return [
        _material("plan", "own"),
        _material("late-paper", "own"),
        _material("proof", "proof"),
        _material("sketch", "own"),
        _material("alpha-licence", "licence", fields=[code, {"element": "shop", "label": "字号"}]),
        _material("beta-licence", "licence", validity=days(365, "calendar")),
        *(_material(f"{one}-record", "result") for one in ("gamma", "delta", "epsilon")),
    ]


def _element(id_: str, name: str, type_: str, **more: Any) -> Element:
    subject = {"id": id_, "name": name, "type": type_, "subject": "case", "question": f"{name}是什么？"}
    return Element.model_validate(subject | more)


def _elements() -> list[Element]:
    return [
        _element("shop", "字号", "text"),
        _element("phone", "联系电话", "phone", sensitive=True),
        _element("area", "面积", "decimal", unit="平方米"),
        _element("site", "地址", "address"),
        _element("seats", "座位数", "integer"),
        _element("alpha-code", "甲证编号", "text"),
    ]


def _use(material: str, **more: Any) -> dict[str, Any]:
    return {"material": material, "cite": CITE, **more}


def _step(kind: str, limit: float, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "limit": days(limit), "cite": CITE, **more}


_ACCEPT = {"kind": "accept"}
_LOOK = _step("site_survey", 3, visits="site")
_ITEMS: dict[str, dict[str, Any]] = {
    "alpha": {
        "elements": [{"element": "shop"}, {"element": "phone"}, {"element": "seats", "required": False}],
        "materials": [_use("plan"), _use("sketch", when="面积 > 100", deferrable=FOR_GOOD_CREDIT)],
        "outputs": [{"material": "alpha-licence"}],
        "steps": [_ACCEPT, _step("hearing", 4), _step("publicity", 2)],
        "scope": "city",
    },
    "beta": {
        "elements": [{"element": "shop"}],
        "materials": [_use("alpha-licence")],
        "outputs": [{"material": "beta-licence"}],
        "after": ["delta"],
        "steps": [_ACCEPT],
        "scope": "province",
    },
    "gamma": {
        "kind": "other_power",
        "elements": [{"element": "area"}],
        "materials": [_use("plan")],
        "outputs": [{"material": "gamma-record"}],
        "steps": [_ACCEPT],
        "scope": "county",
        "promised_limit": days(3, "calendar"),
        "legal_limit": days(7, "calendar"),
        "tacit": {"meaning": "七日内没有答复的，视为没有异议", "cite": CITE},
    },
    "delta": {
        "elements": [{"element": "site"}],
        "materials": [
            _use("late-paper", deferrable={"promise": "受理后补齐", "within": days(3)}),
            _use("proof", commitment=COMMITMENT),
        ],
        "outputs": [{"material": "delta-record"}],
        "steps": [_ACCEPT, _LOOK],
    },
    "epsilon": {
        "elements": [{"element": "site"}],
        "outputs": [{"material": "epsilon-record"}],
        "steps": [_ACCEPT, _LOOK],
    },
}


def _item(id_: str, more: Mapping[str, Any]) -> Item:
    base = {
        "id": id_,
        "name": NAMES[id_],
        "summary": NAMES[id_],
        "kind": "licensing",
        "org": ORGS[id_],
        "for_persons": True,
        "for_firms": True,
        "conditions": ["符合规定"],
        "legal_limit": days(20),
        "promised_limit": days(5),
        "basis": [CITE],
    }
    return Item.model_validate({**base, **more})


def _reuse() -> ReuseRule:
    """A sketch that one case accepted may stand in the cases of the next thirty days."""
    within = days(30, "calendar")
    rule = {"id": "sketches", "name": "图纸的复用", "materials": ["sketch"], "within": within, "why": "常用"}
    return ReuseRule.model_validate(rule)


def _event() -> LifeEvent:
    return LifeEvent.model_validate(
        {
            "id": EVENT,
            "name": "小小一件事",
            "plain_names": ["办件小事"],
            "summary": "一件小事",
            "for_persons": True,
            "for_firms": True,
            "lead": "health",
            "questions": [{"element": "area", "why": "大的要多交一张图"}],
            "items": [{"item": one, "because": "需要"} for one in NAMES],
            "basis": [CITE],
        }
    )


@lru_cache(maxsize=8)
def small_catalogue(note: str = "") -> Catalogue:
    """The catalogue; `note` makes another release of the same content."""
    return made_with(repository().others["calendars"], note)


@lru_cache(maxsize=1)
def repository() -> Catalogue:
    """The definitions in the repository, read once per process."""
    return definitions()


def made_with(calendars: Mapping[str, Definition], note: str = "") -> Catalogue:
    """The catalogue with these calendars."""
    known = repository()
    event = _event().model_copy(update={"note": note or None})
    definitions: dict[str, Mapping[str, Definition]] = {
        "sources": known.sources,
        "settings": known.settings,
        "orgs": known.orgs,
        "places": known.places,
        "elements": {e.id: e for e in _elements()},
        "materials": {m.id: m for m in _materials()},
        "items": {id_: _item(id_, more) for id_, more in _ITEMS.items()},
        "life_events": {EVENT: event},
        **known.others,
        "calendars": calendars,
        "reuse": {"sketches": _reuse()},
    }
    return Catalogue.of(definitions, digest=digest_of(definitions))
