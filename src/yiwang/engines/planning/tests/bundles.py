# SPDX-License-Identifier: Apache-2.0
"""Random small bundles: a catalogue with one life event, answers, facts, and more facts.

Built from one number by a plain generator, because thousands are wanted in seconds.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.kinds import Item, Material
from yiwang.engines.evidence import HeldLicence
from yiwang.engines.planning import Facts
from yiwang.engines.rules.values import Value

from .town import LAW, MONDAY, days, element, event, item, material, survey, town

_YES_NO = [element(f"yes-{n}", f"是否{word}", "boolean") for n, word in enumerate("甲乙丙丁")]
_SIZE = element("size", "面积", "decimal")
_TEXTS = [element(f"text-{n}", f"文字{word}", group="甲乙"[n % 2]) for n, word in enumerate("子丑寅卯辰巳")]
_ELEMENTS = [*_YES_NO, _SIZE, *_TEXTS]
_RULES = [
    None, None, None, "是否甲 = true", "是否乙 = true or 是否丙 = true", "面积 >= 200",
    "not(是否丁) and 面积 < 100", "是否甲 = false",
]  # fmt: skip
_KINDS = ["licence", "licence", "result", "own", "proof", "form"]
_PLACES = ["text-0", "text-1"]


@dataclass(frozen=True)
class Bundle:
    """A life event `whole` in a small catalogue, and what is known of somebody."""

    catalogue: Catalogue
    answers: dict[str, Value]
    facts: Facts
    more_facts: Facts
    choice: list[str]
    start: dt.date


def make_bundle(seed: int, size: int) -> Bundle:
    """The bundle of this number with `size` items."""
    random = Random(seed)
    papers = [_paper(random, number) for number in range(size + 3)]
    items = [_item(random, number, papers) for number in range(size)]
    whole = event("whole", "某事", _members(random, size), questions=_questions(random))
    facts, more_facts = _facts(random, papers)
    return Bundle(
        catalogue=town(*_ELEMENTS, *papers, *items, whole),
        answers=_some(random, {one.id: _value(random, one.id) for one in _ELEMENTS}, 0.4),
        facts=facts,
        more_facts=more_facts,
        choice=[f"item-{number}" for number in range(size) if random.random() < 0.6],
        start=MONDAY + dt.timedelta(days=random.randrange(400)),
    )


def _paper(random: Random, number: int) -> Material:
    fields = random.sample([one.id for one in _TEXTS], random.randrange(3))
    return material(f"paper-{number}", f"材料{number}", random.choice(_KINDS), fields)


def _item(random: Random, number: int, papers: list[Material]) -> Item:
    """Mostly without circles: an item gives its own paper and takes lower ones; now and then not."""
    gives = {f"paper-{number}"} if random.random() < 0.8 else set()
    free = random.random() < 0.05
    takes = [
        one.id
        for one in papers
        if one.id not in gives and (free or int(one.id[6:]) < number or int(one.id[6:]) > len(papers) - 4)
    ]
    needs = [_need(random, one) for one in random.sample(takes, min(len(takes), random.randrange(4)))]
    asks = [
        {"element": one.id, "when": random.choice(_RULES)}
        for one in random.sample(_ELEMENTS, random.randrange(5))
    ]
    whole_days = days(random.randrange(9), "calendar")
    after = [f"item-{random.randrange(number)}"] if number and random.random() < 0.1 else []
    steps = [{"kind": "accept"}]
    if random.random() < 0.5:
        steps.append(survey(random.choice(_PLACES), when=random.choice(_RULES)))
    return item(
        f"item-{number}",
        f"事项{number}",
        needs=needs,
        gives=[{"material": one, "when": random.choice(_RULES)} for one in gives],
        asks=asks,
        limit=whole_days if random.random() < 0.2 else days(Decimal(random.randrange(12)) / 2),
        org=random.choice(["bureau", "fire"]),
        after=after,
        steps=steps,
    )


def _need(random: Random, paper: str) -> dict[str, Any]:
    use: dict[str, Any] = {"material": paper, "when": random.choice(_RULES)}
    if random.random() < 0.3:
        use["commitment"] = {
            **{"list_entry": "某证明", "proves": "某事", "cite": LAW},
            "check": {"standard": "某事"},
        }
    if random.random() < 0.3:
        use["deferrable"] = {"promise": "补交", "within": days(5)}
    return use


def _members(random: Random, size: int) -> list[dict[str, Any]]:
    members: list[dict[str, Any]] = []
    for number in range(size):
        member: dict[str, Any] = {"item": f"item-{number}", "when": random.choice(_RULES)}
        member["optional"] = random.random() < 0.15
        if number and random.random() < 0.15:
            member.update(bound_with=[f"item-{random.randrange(number)}"], bound_cite=LAW)
        members.append(member)
    return members


def _questions(random: Random) -> list[dict[str, Any]]:
    asked = random.sample(_ELEMENTS, random.randrange(5))
    return [{"element": one.id, "why": "要用", "when": random.choice(_RULES)} for one in asked]


def _facts(random: Random, papers: list[Material]) -> tuple[Facts, Facts]:
    """Some facts, and the same with others added."""
    elements = _some(random, {one.id: _value(random, one.id) for one in _ELEMENTS}, 0.6)
    licences = [_licence(random, paper) for paper in papers if random.random() < 0.5]
    few = _some(random, elements, 0.5)
    kept = tuple(one for one in licences if random.random() < 0.5)
    return Facts(few, kept), Facts(elements, tuple(licences))


def _licence(random: Random, paper: Material) -> HeldLicence:
    fields = {field.element: f"值{random.randrange(3)}" for field in paper.fields if random.random() < 0.8}
    until = MONDAY + dt.timedelta(days=random.randrange(600)) if random.random() < 0.6 else None
    return HeldLicence("某人", paper.id, f"号{random.randrange(9)}", until, dict(fields))


def _value(random: Random, code: str) -> Value:
    if code.startswith("yes"):
        return random.random() < 0.5
    if code == "size":
        return Decimal(random.choice([50, 150, 250]))
    return f"值{random.randrange(3)}"


def _some(random: Random, values: dict[str, Value], share: float) -> dict[str, Value]:
    return {key: value for key, value in values.items() if random.random() < share}
