# SPDX-License-Identifier: Apache-2.0
"""What somebody sees of a licence for one purpose, and nothing else (最小必要)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.kinds.purposes import Shown, UsePurpose
from yiwang.kernel.dates import format_date

UNKNOWN = "无法判断"


@dataclass(frozen=True)
class Record:
    """A licence as this room needs it. `usable`: it proves something on the day; `standing`: its word."""

    id: str
    material: str
    number: str
    issuer: str
    fields: Mapping[str, Any]
    valid_from: dt.date
    valid_until: dt.date | None
    standing: str
    usable: bool
    reason: str = ""


@dataclass(frozen=True)
class Holder:
    """The holder: name whole and masked; `birth` of a person, if known."""

    name: str
    masked: str
    birth: dt.date | None = None


@dataclass(frozen=True)
class Line:
    """One thing shown. With `element` the value is raw and the desk puts it into words."""

    label: str
    value: Any
    element: str = ""


@dataclass(frozen=True)
class Seen:
    """What is seen of one licence. `lines` is empty when it proves nothing."""

    licence: str
    name: str
    standing: str
    usable: bool
    reason: str = ""
    lines: tuple[Line, ...] = field(default_factory=tuple)


def seen(catalogue: Catalogue, purpose: UsePurpose, record: Record, holder: Holder, *, on: dt.date) -> Seen:
    """The purpose's view of a licence on `on`.

    A licence that is suspended, revoked, replaced or out of its dates proves nothing: only its kind
    and its standing are told.
    """
    material = catalogue.materials.get(record.material)
    name = material.name if material else record.material
    if not record.usable:
        return Seen(record.id, name, record.standing, False, record.reason)
    lines = (*_of_the_record(catalogue, purpose, record, holder), *_age(purpose, holder, on))
    return Seen(record.id, name, record.standing, True, "", (*lines, *_printed(catalogue, purpose, record)))


def old_enough(birth: dt.date, years: int, *, on: dt.date) -> bool:
    """Whether somebody born on `birth` is `years` old on `on`: the day of birth does not count, so from
    the day after the birthday (民法典第二百零一条)."""
    return (on.year - birth.year, (on.month, on.day)) > (years, (birth.month, birth.day))


def _of_the_record(
    catalogue: Catalogue, purpose: UsePurpose, record: Record, holder: Holder
) -> tuple[Line, ...]:
    issuer = catalogue.orgs.get(record.issuer)
    until = format_date(record.valid_until) if record.valid_until else "长期"
    every = {
        Shown.HOLDER: Line("持证人", holder.name),
        Shown.HOLDER_MASKED: Line("持证人", holder.masked),
        Shown.NUMBER: Line("证照编号", record.number),
        Shown.ISSUER: Line("发证机关", issuer.name if issuer else record.issuer),
        Shown.DATES: Line("有效期", f"{format_date(record.valid_from)}至{until}"),
    }
    return tuple(every[one] for one in purpose.shows)


def _age(purpose: UsePurpose, holder: Holder, on: dt.date) -> tuple[Line, ...]:
    if purpose.age is None:
        return ()
    years, answer = purpose.age.years, UNKNOWN
    if holder.birth is not None:
        answer = "是" if old_enough(holder.birth, years, on=on) else "否"
    return (Line(f"已满{years}周岁", answer),)


def _printed(catalogue: Catalogue, purpose: UsePurpose, record: Record) -> tuple[Line, ...]:
    material = catalogue.materials.get(record.material)
    known = [] if material is None else material.fields
    return tuple(
        Line(one.label, record.fields[one.element], one.element)
        for one in known
        if (purpose.all_fields or one.element in purpose.fields) and one.element in record.fields
    )
