# SPDX-License-Identifier: Apache-2.0
"""Which open questions which resource may answer: what the applicant is asked to agree to.

1. A resource can answer a question when one of its items is that data element, or when it stands for
   that document; never when it tells of a licence that this errand issues anew (an earlier shop).
2. It may, when the department that handles the item has a grant for just those items of the resource
   in force: for a value in plain, and always for the item that says whom a row is about.
3. Of several that may answer, as few as possible are asked, each question once (最小必要).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.kinds.elements import ElementType
from yiwang.engines.evidence import Asked, Question
from yiwang.engines.exchange import Resource, ResourceField, Sharing, resources
from yiwang.kernel.canonical import canonical_digest

_NUMBER_OF = {"person": ElementType.ID_NUMBER, "firm": ElementType.USCC}


@dataclass(frozen=True)
class Granted:
    """What a department may have of a resource: items, and which of them unmasked."""

    id: str
    fields: frozenset[str]
    plain: frozenset[str]
    basis: str


GrantOf = Callable[[str, str, str], Granted | None]
"""(resource, department, item) → the grant in force, if there is one."""


@dataclass(frozen=True)
class Offer:
    """One resource that may be asked about one person or firm, and for what.

    `elements`: (data element, item of the resource); `key`: the item by which the row is found;
    `org` and `item`: which department asks, for which of its service items.
    """

    resource: str
    subject: str
    grant: str
    org: str
    item: str
    key: str
    elements: tuple[tuple[str, str], ...]
    materials: tuple[str, ...]
    purpose: str
    basis: str

    @property
    def fields(self) -> tuple[str, ...]:
        """The items asked for: those that answer, and the one that says whom the row is about."""
        return tuple(dict.fromkeys([self.key, *(field for _, field in self.elements)]))

    @property
    def answers(self) -> frozenset[tuple[str, str]]:
        """What it may answer: (element or material, id)."""
        elements = {(Asked.ELEMENT.value, one) for one, _ in self.elements}
        return frozenset(elements | {(Asked.MATERIAL.value, one) for one in self.materials})

    @property
    def digest(self) -> str:
        """Of all that is shown before somebody agrees: another offer has another one."""
        shown = asdict(self) | {
            "elements": [list(pair) for pair in self.elements],
            "materials": list(self.materials),
        }
        return canonical_digest(shown)


def make_offers(
    catalogue: Catalogue,
    questions: Iterable[Question],
    kinds: Mapping[str, str],
    grant_of: GrantOf,
    *,
    taken: Iterable[tuple[str, str, frozenset[tuple[str, str]]]] = (),
) -> list[Offer]:
    """The offers for these open questions, in the order of the catalogue.

    Args:
        kinds: whose data may be asked for: public id → person or firm. About others nobody is asked.
        taken: (resource, subject, answers) of what is agreed to already: it is not offered again.
    """
    asked = {(resource, subject): answers for resource, subject, answers in taken}
    groups: dict[tuple[str, str, str], list[tuple[Question, Granted, str]]] = {}
    memo: dict[tuple[str, str, str], Granted | None] = {}

    def granted(resource: str, org: str, item: str) -> Granted | None:
        key = (resource, org, item)
        if key not in memo:
            memo[key] = grant_of(*key)
        return memo[key]

    wanted = [one for one in questions if one.subject in kinds]
    for resource in resources(catalogue).values():
        for question in wanted:
            before = asked.get((resource.id, question.subject), frozenset())
            if (question.asked.value, question.id) in before:
                continue
            if not _can(resource, question, kinds[question.subject]):
                continue
            if found := _may(catalogue, resource, question, granted):
                grant, item = found
                groups.setdefault((resource.id, question.subject, grant.id), []).append(
                    (question, grant, item)
                )
    return list(_fewest(catalogue, groups))


def subject_field(resource: Resource, kind: str) -> ResourceField | None:
    """The item that says whom a row is about and by which it is found, for a person or a firm."""
    return next(
        (one for one in resource.fields if one.subject_id and one.key and one.type is _NUMBER_OF[kind]), None
    )


def _can(resource: Resource, question: Question, kind: str) -> bool:
    if resource.sharing is Sharing.NOT_SHARED or subject_field(resource, kind) is None:
        return False
    if question.anew.intersection(resource.answers):
        return False
    if question.asked is Asked.MATERIAL:
        return question.id in resource.answers
    return _field_for(resource, question) is not None


def _field_for(resource: Resource, question: Question) -> ResourceField | None:
    """The item that is this data element; who the row is about is known before it is found."""
    return next((one for one in resource.fields if one.element == question.id and not one.subject_id), None)


def _may(
    catalogue: Catalogue,
    resource: Resource,
    question: Question,
    granted: Callable[[str, str, str], Granted | None],
) -> tuple[Granted, str] | None:
    """The grant by which an item that asks may have the answer, and that item."""
    own = {one.id for one in resource.fields if one.subject_id}
    field = _field_for(resource, question) if question.asked is Asked.ELEMENT else None
    for item in question.items:
        grant = granted(resource.id, catalogue.items[item].org, item)
        if grant is None or not own & grant.fields:
            continue
        if field is None or (field.id in grant.fields and field.id in grant.plain):
            return grant, item
    return None


def _fewest(
    catalogue: Catalogue, groups: Mapping[tuple[str, str, str], Sequence[tuple[Question, Granted, str]]]
) -> Iterator[Offer]:
    """Take the group that answers most, then the one that answers most of the rest, and so on."""
    left = {key: {one.key: (one, grant, item) for one, grant, item in able} for key, able in groups.items()}
    chosen: dict[tuple[str, str, str], Offer] = {}
    while left:
        best = max(left, key=lambda key: len(left[key]))  # of equals the first in the catalogue
        able = left.pop(best)
        if not able:
            break
        chosen[best] = _offer(catalogue, best, list(able.values()))
        for others in left.values():
            for key in able:
                others.pop(key, None)
    yield from (chosen[key] for key in groups if key in chosen)


def _offer(
    catalogue: Catalogue, key: tuple[str, str, str], able: Sequence[tuple[Question, Granted, str]]
) -> Offer:
    resource = resources(catalogue)[key[0]]
    questions, grant, item = [one for one, _, _ in able], able[0][1], able[0][2]
    elements = [one for one in questions if one.asked is Asked.ELEMENT]
    pairs = [(one.id, field.id) for one in elements if (field := _field_for(resource, one))]
    bases = dict.fromkeys([grant.basis, *(one.basis for one in questions)])
    return Offer(
        resource=resource.id,
        subject=key[1],
        grant=grant.id,
        org=catalogue.items[item].org,
        item=item,
        key=next(one.id for one in resource.fields if one.subject_id and one.id in grant.fields),
        elements=tuple(pairs),
        materials=tuple(one.id for one in questions if one.asked is Asked.MATERIAL),
        purpose=questions[0].purpose,
        basis="；".join(base for base in bases if base),
    )
