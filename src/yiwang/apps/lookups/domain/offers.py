# SPDX-License-Identifier: Apache-2.0
"""Which open questions which resource may answer: what the applicant is asked to agree to.

1. A resource can answer a question when one of its items is that data element, or when it stands for
   that document; never when it tells of a licence that this errand issues anew (an earlier shop).
2. Its rows are found by a number that is the applicant's: their own, or one that the form says is theirs
   (the mother's, where the applicant is the mother); never somebody else's.
3. It may, when the department that handles the item has a grant for just those items of the resource
   in force: for a value in plain, always for the item that says whom a row is about, and for a document
   also for the items that say whether it still counts (状态、有效期至).
4. Of several that may answer, as few as possible are asked, each question once (最小必要).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.kinds.elements import ElementType
from yiwang.engines.evidence import Asked, Question
from yiwang.engines.exchange import Library, Mask, Resource, ResourceField, Sharing, resources
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

    `elements`: (data element, item of the resource); `keys`: the items by which the row is looked for, in
    this order; `checks`: the items that say whether what a row says still counts; `org` and `item`: which
    department asks, for which of its service items.
    """

    resource: str
    subject: str
    grant: str
    org: str
    item: str
    keys: tuple[str, ...]
    elements: tuple[tuple[str, str], ...]
    materials: tuple[str, ...]
    checks: tuple[str, ...]
    purpose: str
    basis: str

    @property
    def fields(self) -> tuple[str, ...]:
        """The items asked for: those that answer, whom the row is about, whether it still counts."""
        return tuple(dict.fromkeys([*self.keys, *(item for _, item in self.elements), *self.checks]))

    @property
    def answers(self) -> frozenset[tuple[str, str]]:
        """What it may answer: (element or material, id)."""
        elements = {(Asked.ELEMENT.value, one) for one, _ in self.elements}
        return frozenset(elements | {(Asked.MATERIAL.value, one) for one in self.materials})

    @property
    def digest(self) -> str:
        """Of all that is shown before somebody agrees: another offer has another one."""
        shown = {key: _plain(value) for key, value in asdict(self).items()}
        return canonical_digest(shown)


def _plain(value: object) -> object:
    return [_plain(one) for one in value] if isinstance(value, tuple) else value


@dataclass(frozen=True)
class Party:
    """Somebody whose data may be asked for: a person or firm, their number, and the data elements that
    are known to hold just this number."""

    kind: str
    number: str
    elements: frozenset[str] = field(default_factory=frozenset)


def make_offers(
    catalogue: Catalogue,
    questions: Iterable[Question],
    parties: Mapping[str, Party],
    grant_of: GrantOf,
    *,
    taken: Iterable[tuple[str, str, frozenset[tuple[str, str]]]] = (),
) -> list[Offer]:
    """The offers for these open questions, in the order of the catalogue.

    Args:
        parties: whose data may be asked for, by public id. About others nobody is asked.
        taken: (resource, subject, answers) of what is agreed to already: it is not offered again.
    """
    asked: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for resource_id, subject, answers in taken:
        asked.setdefault((resource_id, subject), set()).update(answers)
    groups: dict[_Key, list[_Able]] = {}
    granted = _memo(grant_of)
    wanted = [one for one in questions if one.subject in parties]
    for resource in resources(catalogue).values():
        for question in wanted:
            if (question.asked.value, question.id) in asked.get((resource.id, question.subject), ()):
                continue
            keys = keys_of(resource, parties[question.subject])
            if not _can(resource, question, keys):
                continue
            if found := _may(catalogue, resource, question, keys, granted):
                grant, item = found
                groups.setdefault((resource.id, question.subject, grant.id), []).append(
                    (question, grant, item)
                )
    return list(_fewest(catalogue, groups, parties))


_Key = tuple[str, str, str]
_Able = tuple[Question, Granted, str]


def _memo(grant_of: GrantOf) -> GrantOf:
    known: dict[_Key, Granted | None] = {}

    def granted(resource: str, org: str, item: str) -> Granted | None:
        key = (resource, org, item)
        if key not in known:
            known[key] = grant_of(*key)
        return known[key]

    return granted


def keys_of(resource: Resource, party: Party) -> tuple[ResourceField, ...]:
    """The items by which rows about this party are found: those known to hold their number first, then
    those that name the other one of two people (另一方), if there are any."""
    able = [
        one for one in resource.fields if one.subject_id and one.key and one.type is _NUMBER_OF[party.kind]
    ]
    own = [one for one in able if one.element in party.elements]
    return (*own, *(one for one in able if one.element is None))


def _can(resource: Resource, question: Question, keys: Sequence[ResourceField]) -> bool:
    if resource.sharing is Sharing.NOT_SHARED or not keys:
        return False
    if question.anew.intersection(resource.answers):
        return False
    if question.asked is Asked.MATERIAL:
        return question.id in resource.answers
    named = any(one.element for one in keys)  # by the number of the other one, nothing is about this one
    return named and _field_for(resource, question, keys) is not None


def _field_for(resource: Resource, question: Question, keys: Sequence[ResourceField]) -> ResourceField | None:
    """The item that is this data element; by what a row is found is known before it is."""
    return next((one for one in resource.fields if one.element == question.id and one not in keys), None)


def checks_of(resource: Resource) -> tuple[ResourceField, ...]:
    """The items that say whether what a row stands for still counts, told by their names."""
    return tuple(one for one in resource.fields if one.name.endswith((*STATUS, LAST_DAY)))


STATUS = ("状态", "状况")
LAST_DAY = "有效期至"


def _may(
    catalogue: Catalogue,
    resource: Resource,
    question: Question,
    keys: Sequence[ResourceField],
    granted: GrantOf,
) -> tuple[Granted, str] | None:
    """The grant by which an item that asks may have the answer, and that item."""
    for item in question.items:
        grant = granted(resource.id, catalogue.items[item].org, item)
        if grant is not None and _covers(grant, resource, question, keys):
            return grant, item
    return None


def _covers(grant: Granted, resource: Resource, question: Question, keys: Sequence[ResourceField]) -> bool:
    own = [one for one in keys if one.id in grant.fields]
    if question.asked is Asked.MATERIAL:
        return bool(own) and all(_readable(grant, one) for one in checks_of(resource))
    answer = _field_for(resource, question, keys)
    named = any(one.element for one in own)
    return named and answer is not None and _readable(grant, answer)


def _readable(grant: Granted, one: ResourceField) -> bool:
    return one.id in grant.fields and (one.mask is Mask.NONE or one.id in grant.plain)


_BASE = (Library.POPULATION, Library.LEGAL_PERSON)


def _fewest(
    catalogue: Catalogue, groups: Mapping[_Key, Sequence[_Able]], parties: Mapping[str, Party]
) -> Iterator[Offer]:
    """Take the group that answers most, then the one that answers most of the rest, and so on; of equals
    the base library (人口、法人…), then the first in the catalogue."""
    base = {one.id for one in resources(catalogue).values() if one.library in _BASE}
    left = {key: {one.key: (one, grant, item) for one, grant, item in able} for key, able in groups.items()}
    chosen: dict[_Key, Offer] = {}
    while left:
        best = max(left, key=lambda key: (len(left[key]), key[0] in base))
        able = left.pop(best)
        if not able:
            break
        chosen[best] = _offer(catalogue, best, list(able.values()), parties[best[1]])
        for others in left.values():
            for key in able:
                others.pop(key, None)
    yield from (chosen[key] for key in groups if key in chosen)


def _offer(catalogue: Catalogue, key: _Key, able: Sequence[_Able], party: Party) -> Offer:
    resource = resources(catalogue)[key[0]]
    questions, grant, item = [one for one, _, _ in able], able[0][1], able[0][2]
    keys = [one for one in keys_of(resource, party) if one.id in grant.fields]
    elements = [one for one in questions if one.asked is Asked.ELEMENT]
    materials = tuple(one.id for one in questions if one.asked is Asked.MATERIAL)
    pairs = [(one.id, item_.id) for one in elements if (item_ := _field_for(resource, one, keys))]
    bases = dict.fromkeys([grant.basis, *(one.basis for one in questions)])
    return Offer(
        resource=resource.id,
        subject=key[1],
        grant=grant.id,
        org=catalogue.items[item].org,
        item=item,
        keys=tuple(one.id for one in keys if materials or one.element),
        elements=tuple(pairs),
        materials=materials,
        checks=tuple(one.id for one in checks_of(resource)) if materials else (),
        purpose=questions[0].purpose,
        basis="；".join(base for base in bases if base),
    )
