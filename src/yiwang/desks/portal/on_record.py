# SPDX-License-Identifier: Apache-2.0
"""What is on record of a person or firm, as their own pages show it: the value, from where, since when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from yiwang.apps.benefits.public import known_facts
from yiwang.apps.casework.public import known_about
from yiwang.apps.catalogue.public import current
from yiwang.apps.identity.public import Subject
from yiwang.desks.fields import shown_known
from yiwang.engines.definitions.kinds import Element
from yiwang.engines.definitions.kinds.elements import Subject as About
from yiwang.engines.rules import Value
from yiwang.kernel.actor import Actor

PURPOSE = "本人（本企业）用政策计算器、看本企业页面，已有的信息不再填"
BASIS = "本人查询自己的信息"


@dataclass(frozen=True)
class OnRecord:
    """One known value. `licence`: public id of the licence that states it."""

    name: str
    value: Value
    shown: str
    source: str
    since: dt.date | None
    until: dt.date | None = None
    licence: str = ""


def known_of(actor: Actor, who: Subject, elements: Iterable[Element]) -> Mapping[str, OnRecord]:
    """What is on record of `who` among these elements, by name: licences first, then what departments'
    lists and registers say. Logged. Raises NotAllowed."""
    about = About.PERSON if who.kind == "person" else About.FIRM
    wanted = {one.id: one for one in elements if one.subject in (about, About.THING)}
    known, catalogue = {}, current().catalogue
    answers = known_about(actor, who.public_id, wanted, purpose=PURPOSE, basis=BASIS) if wanted else {}
    for identity, one in answers.items():
        element = wanted[identity]
        words = shown_known(catalogue, element, one.value)
        licence = one.evidence if one.kind.value == "e_licence" else ""
        known[element.name] = OnRecord(
            element.name, one.value, words, one.source, one.since, one.until, licence
        )
    open_ = {one.name: one for one in wanted.values() if one.name not in known}
    if not open_:
        return known
    facts = known_facts(actor, who.public_id, names=open_, purpose=PURPOSE, basis=BASIS)
    for name, fact in facts.items():
        words = shown_known(catalogue, open_[name], fact.value)
        known[name] = OnRecord(name, fact.value, words, fact.source, fact.since)
    return known
