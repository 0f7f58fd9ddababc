# SPDX-License-Identifier: Apache-2.0
"""Who looked at whose data: looks in the journal and calls of shared data, as one list, newest first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from yiwang.apps.casework.public import applications_of_cases
from yiwang.apps.catalogue.public import current
from yiwang.apps.gateway.public import CallRow, calls_about, subject_indexes
from yiwang.apps.identity.public import Subject, departments_of, officers_in, subjects
from yiwang.apps.journal.public import Kinds, Look, Span, looks_page
from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.kinds.elements import Subject as About
from yiwang.engines.exchange import resources

_SIZE = 40
_ALL_LOOKS = Kinds(begins=("",), ends=(".look",))
_CALLS = "gateway."
"""Calls are in the journal too; here they are told from what the gateway wrote of them."""
_WHAT = {
    "case.look": "打开办件",
    "evidence.look": "办件时系统核对",
    "licence.look": "查看、下载证照",
    "licence.own.look": "调用证照",
    "present.scan.look": "亮证后扫码",
    "authorisation.look": "按授权调用证照",
    "authorisation.file.look": "按授权调取证照文件",
}


@dataclass(frozen=True)
class Line:
    """One look or call in words; equal ones of a day are told once, with their number.

    `objection`: where to say that what was asked is wrong; `application`: the person's own that it was for.
    """

    at: dt.datetime
    who: str
    department: str
    whose: str
    what: str
    fields: Sequence[str]
    purpose: str
    basis: str
    receipt: str = ""
    application: str = ""
    objection: str = ""
    own: bool = False
    count: int = 1

    @property
    def same(self) -> tuple[object, ...]:
        """What makes two of one day the same."""
        said = (self.who, self.department, self.whose, self.what, tuple(self.fields), self.purpose)
        return (self.at.date(), *said, self.basis, self.application)


@dataclass(frozen=True)
class Wanted:
    """Whose data, before which moment, on which day, by which department; `own`: also what the person
    looked at themselves, in their own errands."""

    parties: Mapping[str, Subject]
    me: str
    until: dt.datetime | None = None
    day: dt.date | None = None
    org: str = ""
    own: bool = False

    @property
    def span(self) -> tuple[dt.datetime | None, dt.datetime | None]:
        """From when until before when."""
        if self.day is None:
            return None, self.until
        begin = timezone.make_aware(dt.datetime.combine(self.day, dt.time()))
        end = begin + dt.timedelta(days=1)
        return begin, min(end, self.until) if self.until else end


@dataclass(frozen=True)
class Page:
    """A page of lines; `before`: the moment before which the next page begins, None at the end."""

    lines: Sequence[Line]
    before: dt.datetime | None


def page_of_lines(wanted: Wanted) -> Page:
    """The newest lines of what is wanted, as many as fit on a page."""
    since, until = wanted.span
    actors = officers_in(wanted.org) if wanted.org else None
    span = Span(since, until, actors, "" if wanted.own else wanted.me)
    looks = looks_page(list(wanted.parties), _ALL_LOOKS, span=span, size=_SIZE).rows
    known = _known_by(wanted.parties.values())
    calls = calls_about(list(known), since=since, until=until, org=wanted.org, limit=_SIZE)
    full = [rows[-1].at for rows in (looks, calls) if len(rows) == _SIZE]
    horizon = max(full, default=None)  # older than this, one of the two is not told to its end
    lines = [*_looks(wanted, [one for one in looks if not one.action.startswith(_CALLS)])]
    lines += [_call(wanted, known, one) for one in calls]
    shown = sorted(
        (one for one in lines if horizon is None or one.at >= horizon), key=lambda one: one.at, reverse=True
    )
    return Page(_together(shown), horizon)


def _known_by(parties: Iterable[Subject]) -> dict[str, str]:
    """Everything a party may be known by in the books of the gateway → their public id."""
    found: dict[str, str] = {}
    for one in parties:
        found |= dict.fromkeys((one.public_id, *subject_indexes(one.number)), one.public_id)
    return found


def _together(lines: Iterable[Line]) -> list[Line]:
    groups: dict[tuple[object, ...], Line] = {}
    for one in lines:
        before = groups.get(one.same)
        groups[one.same] = replace(before, count=before.count + 1) if before else one
    return list(groups.values())


def _looks(wanted: Wanted, looks: Sequence[Look]) -> list[Line]:
    known = current().catalogue
    departments = departments_of({one.actor for one in looks})
    people = {one.actor for one in looks if one.actor.startswith(("p_", "f_"))}
    names = {key: one.masked_name for key, one in subjects(people).items()} | {wanted.me: "本人"}
    whole = applications_of_cases({one.about for one in looks})
    told = [replace(one, about=whole.get(one.about, one.about)) for one in looks]
    return [_look(wanted, known, one, names, departments) for one in told]


def _look(
    wanted: Wanted, known: Catalogue, one: Look, names: Mapping[str, str], departments: Mapping[str, str]
) -> Line:
    asked = one.detail.get("asked")
    return Line(
        at=timezone.localtime(one.at),
        who=names.get(one.actor, one.actor_name),
        department=_org(known, departments.get(one.actor, "")),
        whose=_whose(wanted, one.subject),
        what=_WHAT.get(one.action, "查看信息"),
        fields=_names(known, asked) if isinstance(asked, list) else (),
        purpose=one.purpose,
        basis=one.basis,
        application=one.about if one.about.startswith("a_") else "",
        own=one.actor == wanted.me,
    )


def _call(wanted: Wanted, known_by: Mapping[str, str], one: CallRow) -> Line:
    known = current().catalogue
    resource = resources(known).get(one.resource)
    fields = [item.name for item in resource.fields if item.id in one.fields] if resource else []
    provider = _org(known, one.provider)
    subject = known_by.get(one.subject, "") or (wanted.me if len(wanted.parties) == 1 else "")
    return Line(
        at=timezone.localtime(one.at),
        who=one.caller_name,
        department=_org(known, one.org),
        whose=_whose(wanted, subject),
        what=f"查询{provider}“{resource.name if resource else one.resource}”" + _empty(one),
        fields=fields,
        purpose=one.purpose,
        basis=one.basis,
        receipt=one.receipt,
        application=one.case if one.case.startswith("a_") else "",
        objection=objection_to(resource.id) if resource and resource.subject is not About.THING else "",
    )


def objection_to(resource: str, field: str = "") -> str:
    """The page on which somebody says that a department has something about them wrong."""
    asked = {"resource": resource, "field": field} if field else {"resource": resource}
    return f"{reverse('portal:data-object')}?{urlencode(asked)}"


def _empty(one: CallRow) -> str:
    return "" if one.rows else "，没有查到"


def _whose(wanted: Wanted, subject: str) -> str:
    if subject == wanted.me:
        return "本人"
    return wanted.parties[subject].name if subject in wanted.parties else ""


def _org(known: Catalogue, org: str) -> str:
    return known.orgs[org].name if org in known.orgs else org


def _names(known: Catalogue, asked: Collection[object]) -> list[str]:
    """What the resolver asked for, by name, each once."""
    found = [known.materials.get(str(one)) or known.elements.get(str(one)) for one in asked]
    return list(dict.fromkeys(one.name for one in found if one))
