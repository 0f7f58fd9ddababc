# SPDX-License-Identifier: Apache-2.0
"""Reads: actors, subjects, whom somebody may act for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator

from django.db import connection
from django.utils import timezone

from yiwang.apps.vault.public import blind_index, blind_indexes
from yiwang.kernel.actor import ANONYMOUS, Actor, ActorKind, Matter, Post, Role
from yiwang.kernel.errors import NotFound
from yiwang.kernel.ids import check_id_number

from .domain.views import FirmFacts, RegisteredFirm, Subject
from .models import Account, Firm, Mandate, Officer, OfficerPost, Person


def digest_id_number(number: str) -> str:
    """The blind index under which a checked identity number is found."""
    return blind_index(number, purpose="identity.person")


def digests_id_number(number: str) -> tuple[str, ...]:
    """All blind indexes under which a checked identity number may be found while an index key changes."""
    return blind_indexes(number, purpose="identity.person")


def digests_fit_key() -> bool:
    """Whether people were registered with the keys of today: with others nobody is found again.

    Raises Sealed when a number does not open, saying which key is missing.
    """
    newest = Person.objects.order_by("-id").first()
    return newest is None or newest.id_digest in digests_id_number(newest.id_number)


def actor_of(account: Account | None) -> Actor:
    """The actor behind a login, with the posts or firms they have today."""
    if account is None or not account.is_active:
        return ANONYMOUS
    if account.officer_id is not None:
        return _officer_by_key(account.officer_id)
    for person in Person.objects.raw(_PERSON, [account.person_id]):  # what is locked stays unread
        return person_actor(person)
    return ANONYMOUS


# Every page asks who acts: in SQL, without the cost of building queries.
_PERSON = f"SELECT id, public_id, name FROM {Person._meta.db_table} WHERE id = %s"  # noqa: S608 - own table
_OFFICER = f"""
    SELECT o.public_id, o.name, p.role, p.org, p.place
    FROM {Officer._meta.db_table} o LEFT JOIN {OfficerPost._meta.db_table} p ON p.officer_id = o.id
    WHERE o.id = %s ORDER BY p.id
"""  # noqa: S608 - own tables
_FIRMS = f"""
    SELECT id, public_id, legal_representative_id FROM {Firm._meta.db_table}
    WHERE legal_representative_id = %s
    OR id IN (SELECT firm_id FROM {Mandate._meta.db_table} WHERE agent_id = %s)
"""  # noqa: S608 - own tables
_MANDATES = f"SELECT * FROM {Mandate._meta.db_table} WHERE agent_id = %s"  # noqa: S608 - own table


def _officer_by_key(key: int) -> Actor:
    with connection.cursor() as cursor:
        cursor.execute(_OFFICER, [key])
        rows = cursor.fetchall()
    posts = tuple(Post(Role(role), org, place) for *_, role, org, place in rows if role)
    return Actor(ActorKind.OFFICER, rows[0][0], rows[0][1], posts)


def officer_actor(officer: Officer) -> Actor:
    """An officer with their posts."""
    posts = tuple(Post(Role(p.role), p.org, p.place) for p in officer.posts.all())
    return Actor(ActorKind.OFFICER, officer.public_id, officer.name, posts)


def person_actor(person: Person, *, on: dt.date | None = None) -> Actor:
    """A person with the firms they may act for on `on` (default today): those they represent by law,
    and those that gave them a mandate."""
    day = on or timezone.localdate()
    with connection.cursor() as cursor:
        cursor.execute(_FIRMS, [person.pk, person.pk])
        found = cursor.fetchall()
    names = {key: public_id for key, public_id, _ in found}
    firms = {public_id for _, public_id, chief in found if chief == person.pk}
    mandates = Mandate.objects.raw(_MANDATES, [person.pk]) if names else ()
    valid = [one for one in mandates if one.firm_id in names and one.is_valid_on(day)]
    firms |= {names[one.firm_id] for one in valid if not one.matters}
    limited = {(names[one.firm_id], matter) for one in valid for matter in one.limits}
    return Actor(ActorKind.PERSON, person.public_id, person.name, (), frozenset(firms), frozenset(limited))


def subject(public_id: str) -> Subject:
    """The person or firm with this public id. Raises NotFound."""
    if person := Person.objects.filter(public_id=public_id).first():
        return _person_view(person)
    if firm := Firm.objects.filter(public_id=public_id).first():
        return _firm_view(firm)
    raise NotFound("没有这个申请人。", mend="请核对后重试。")


def subjects(public_ids: Collection[str]) -> dict[str, Subject]:
    """Several people and firms by public id, with two questions to the database. Raises NotFound."""
    found = {one.public_id: _person_view(one) for one in Person.objects.filter(public_id__in=public_ids)}
    firms = Firm.objects.filter(public_id__in=set(public_ids) - set(found))
    found |= {one.public_id: _firm_view(one) for one in firms}
    if set(public_ids) - set(found):
        raise NotFound("没有这个申请人。", mend="请核对后重试。")
    return found


def names(public_ids: Collection[str]) -> dict[str, str]:
    """What people and firms are called, by public id, with one question; nothing locked is opened. Raises
    NotFound."""
    asked = [*public_ids]
    with connection.cursor() as cursor:
        cursor.execute(_NAMES.format(places=", ".join(["%s"] * len(asked))), asked * 2)
        found = dict(cursor.fetchall())
    if set(asked) - set(found):
        raise NotFound("没有这个申请人。", mend="请核对后重试。")
    return found


_NAMES = f"""
    SELECT public_id, name FROM {Person._meta.db_table} WHERE public_id IN ({{places}})
    UNION ALL SELECT public_id, name FROM {Firm._meta.db_table} WHERE public_id IN ({{places}})
"""  # noqa: S608 - own tables


def _person_view(person: Person) -> Subject:
    return Subject(
        "person", person.public_id, person.name, person.id_number, person.phone, person.address, person.place
    )


def _firm_view(firm: Firm) -> Subject:
    return Subject("firm", firm.public_id, firm.name, firm.uscc, "", firm.address, firm.place)


def firm_facts(public_id: str) -> FirmFacts:
    """What the firm register knows of a firm. Raises NotFound."""
    firm = Firm.objects.select_related("legal_representative").filter(public_id=public_id).first()
    if firm is None:
        raise NotFound("没有这家企业。", mend="请核对后重试。")
    chief = firm.legal_representative
    return FirmFacts(firm.kind, firm.founded, chief.public_id, chief.name)


def registered_firms(*, only: str = "") -> Iterator[RegisteredFirm]:
    """Every firm (or `only` the one with this public id) as it is registered: what is public of it."""
    rows = Firm.objects.filter(public_id=only) if only else Firm.objects.all()
    for row in rows.order_by("id").values_list("public_id", "kind", "place", "founded").iterator(2_000):
        yield RegisteredFirm(*row)


def registered_people() -> Iterator[str]:
    """The public ids of all people registered here; nothing else is told of them."""
    yield from Person.objects.order_by("id").values_list("public_id", flat=True).iterator(2_000)


def find_person(id_number: str, name: str) -> Subject:
    """The person with this identity number, if the name agrees.

    Raises:
        Invalid: the number cannot be one; that says nothing about who is registered.
        NotFound: the same words whether the number is unknown or the name differs, so that
            nobody can probe the register.
    """
    number = check_id_number(id_number, today=timezone.localdate()).number
    person = Person.objects.filter(id_digest__in=digests_id_number(number)).first()
    if person is None or person.name != name.strip():
        raise NotFound("没有找到姓名和证件号码一致的人。", mend="请核对姓名和公民身份号码。")
    return _person_view(person)


def people_by_number(numbers: Collection[str]) -> dict[str, Subject]:
    """The people registered under these checked identity numbers, by number. For registers that are
    taken over, not for pages: it says who is registered."""
    digests = {one: number for number in numbers for one in digests_id_number(number)}
    found = Person.objects.filter(id_digest__in=digests)
    return {digests[one.id_digest]: _person_view(one) for one in found}


def firms_by_code(codes: Collection[str]) -> dict[str, Subject]:
    """The firms with these checked unified social credit codes, by code."""
    return {one.uscc: _firm_view(one) for one in Firm.objects.filter(uscc__in=codes)}


def firms_named(name: str) -> list[Subject]:
    """The firms with exactly this name; names and codes of firms are public."""
    return [_firm_view(one) for one in Firm.objects.filter(name=name).order_by("id")[:20]]


def firms_of(actor: Actor, *matters: Matter) -> list[Subject]:
    """The firms a person may act for in one of these matters (none named: in everything), by name."""
    wanted = actor.firms_for(*matters)
    return [_firm_view(f) for f in Firm.objects.filter(public_id__in=wanted).order_by("name", "id")]


def may_act_for(agent_id: str, subject_id: str, *matters: Matter) -> bool:
    """Whether this person may act for this person or firm today in one of these matters (none named: in
    everything): themselves, or a firm they represent or have a mandate of."""
    person = Person.objects.filter(public_id=agent_id).first()
    return person is not None and person_actor(person).is_subject(subject_id, *matters)


def officers_of(org: str, place: str | None, *roles: Role) -> list[Actor]:
    """The officers with one of these roles for this department in this place (None: anywhere), by
    seniority of entry."""
    there = {} if place is None else {"posts__place__in": ["", place]}
    posted = Officer.objects.filter(posts__role__in=roles, posts__org__in=["", org], **there)
    return [officer_actor(o) for o in posted.distinct().order_by("id").prefetch_related("posts")]
