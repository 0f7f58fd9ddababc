# SPDX-License-Identifier: Apache-2.0
"""One chain of facts, from the text that was shown to the repair: the letter's own links, the special
authority it was signed by, and what became of the credit records it led to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils import timezone

from yiwang.apps.catalogue.public import current, release
from yiwang.apps.credit.public import NoSuchRecord, RecordView, record_view
from yiwang.kernel.actor import Actor

from .commands._chain import NoSuchLetter
from .models import Authority, Letter
from .queries import LetterView, view_of

_MOST = 200


@dataclass(frozen=True)
class Link:
    """One link: when, what happened, in whose words. `record`: of public credit, where it is about one."""

    at: dt.datetime
    term: str
    words: str = ""
    by_name: str = ""
    record: str = ""


@dataclass(frozen=True)
class OwnLetter:
    """A letter as whom it is about reads it, with its whole chain."""

    letter: LetterView
    material_name: str
    item_names: Sequence[str]
    chain: Sequence[Link]


def chain_of(actor: Actor, row: Letter) -> list[Link]:
    """The whole chain, in order. Records that the actor may not read are named and not told."""
    letter = view_of(row)
    links = [*_authority(row)]
    records: list[str] = []
    for fact in letter.facts:
        is_record = fact.kind == "recorded"
        links.append(Link(fact.at, fact.term, fact.words, fact.by_name, fact.about if is_record else ""))
        if is_record and fact.about not in records:
            records.append(fact.about)
    for record in records:
        try:
            links += _credit(record_view(actor, record))
        except NoSuchRecord:
            continue
    return sorted(links, key=lambda one: one.at)


def _authority(row: Letter) -> Iterator[Link]:
    found = Authority.objects.filter(public_id=row.authority).first() if row.authority else None
    if found is not None:
        yield Link(found.at, "出具特别授权书", f"{found.words}\n全文摘要：{found.version}")


def _credit(view: RecordView) -> Iterator[Link]:
    """What became of a record: corrected, published, objected to, repaired, ended."""
    begun = view.versions[0].known_since
    last = begun
    for version in view.versions[1:]:
        yield Link(version.known_since, "信用信息更正", version.reason, record=view.id)
    if view.published_on is not None:
        yield Link(max(_begin(view.published_on), begun), "信用信息公示", record=view.id)
    for matter in view.matters:
        yield Link(matter.at, f"提出{matter.what}", matter.words, record=view.id)
        if matter.answered_at is not None:
            last = max(last, matter.answered_at)
            said = "：".join(filter(None, (matter.outcome, matter.answer)))
            yield Link(matter.answered_at, f"{matter.what}有了结果", said, view.org_name, view.id)
    if view.ending is not None:
        at = max(_begin(view.ending.on), last)
        yield Link(at, f"信用信息{view.ending.term}，限制解除", view.ending.reason, record=view.id)


def _begin(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


def own_letters(actor: Actor) -> list[OwnLetter]:
    """The letters of the person, and of the firms they act for, newest first; without their chains."""
    rows = Letter.objects.filter(subject__in={actor.id, *actor.firms}).prefetch_related("facts")
    return [_own(row, ()) for row in rows.order_by("-id")[:_MOST] if actor.is_subject(row.subject)]


def own_letter(actor: Actor, letter_id: str) -> OwnLetter:
    """One letter with its chain, for whom it is about. Raises NoSuchLetter for everybody else."""
    row = Letter.objects.filter(public_id=letter_id).first()
    if row is None or not actor.is_subject(row.subject):
        raise NoSuchLetter
    return _own(row, chain_of(actor, row))


def _own(row: Letter, chain: Sequence[Link]) -> OwnLetter:
    known, then = current().catalogue, release(row.release).catalogue
    material = known.materials.get(row.material) or then.materials[row.material]
    names = [then.items[item].name for item in row.items if item in then.items]
    return OwnLetter(view_of(row), material.name, names, chain)
