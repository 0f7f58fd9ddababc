# SPDX-License-Identifier: Apache-2.0
"""What is told of a subject, and whether it may be recorded: one list of what is wrong, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from yiwang.engines.credit import CreditEntry, Severity
from yiwang.engines.definitions.kinds.elements import Subject
from yiwang.engines.sealing import sm3
from yiwang.kernel.canonical import canonical_json
from yiwang.kernel.dates import parse_date
from yiwang.kernel.errors import Invalid, YiwangError
from yiwang.kernel.workdays import Limit, Unit, WorkCalendar

LONGEST_TEXT, LONGEST_REFERENCE, LONGEST_ITEM = 4_000, 120, 80


@dataclass(frozen=True)
class NewRecord:
    """A record to be. `subject`: public id of the person or firm; `org`: the unit that decided.

    `reference`: its document number, by which the same thing told twice is known; else the case's id.
    `until`: its own last day, such as a permit's. `told_on`: entering on a list, when it was told.
    """

    catalogue: str
    subject: str
    title: str
    basis: str
    happened_on: dt.date
    decided_on: dt.date
    org: str
    fields: Mapping[str, str] = field(default_factory=dict)
    case: str = ""
    reference: str = ""
    severity: Severity | None = None
    item: str = ""
    until: dt.date | None = None
    told_on: dt.date | None = None

    @property
    def known_by(self) -> str:
        """Its number within the entry and the unit."""
        return self.reference.strip() or self.case

    @property
    def digest(self) -> str:
        """SM3 of everything it says, for telling the same thing said twice from another one."""
        said = [
            self.subject, self.title.strip(), self.basis.strip(), self.happened_on.isoformat(),
            self.decided_on.isoformat(), self.until.isoformat() if self.until else "",
            self.severity.value if self.severity else "", self.item,
        ]  # fmt: skip
        for pair in sorted(plain_fields(self.fields).items()):
            said += pair
        return sm3(canonical_json(said)).hex()


def plain_fields(fields: Mapping[str, str]) -> dict[str, str]:
    """The fields that say anything."""
    return {name: plain for name, text in fields.items() if (plain := text.strip())}


def complaints(
    new: NewRecord, entry: CreditEntry, *, kind: Subject, today: dt.date, calendar: WorkCalendar
) -> Iterator[str]:
    """What is wrong with a record, each in one sentence. `kind`: what its subject is."""
    if not new.known_by or len(new.known_by) > LONGEST_REFERENCE:
        yield f"“{entry.reference}”没有填写或者太长。"
    for name, text in (("标题", new.title), ("依据", new.basis)):
        if not text.strip() or len(text) > LONGEST_TEXT:
            yield f"“{name}”没有填写或者太长。"
    if len(new.item) > LONGEST_ITEM:
        yield "“事项编号”太长。"
    if kind not in entry.subjects:
        yield f"“{entry.name}”不记{'个人' if kind is Subject.PERSON else '法人和非法人组织'}的信息。"
    if entry.departments and new.org not in entry.departments:
        yield f"“{entry.name}”不由这个单位提供。"
    if not entry.valid_on(new.decided_on):
        yield "作出决定那天，目录里还没有或者已经没有这一条。"
    yield from _dates(new, today)
    yield from _fields(new, entry)
    yield from _entering(new, entry, calendar)


def _dates(new: NewRecord, today: dt.date) -> Iterator[str]:
    if new.happened_on > new.decided_on:
        yield "发生日期晚于决定日期。"
    if new.decided_on > today:
        yield "决定日期晚于今天。"
    if new.until is not None and new.until < new.decided_on:
        yield "有效期止早于决定日期。"


def _fields(new: NewRecord, entry: CreditEntry) -> Iterator[str]:
    known = {one.name: one for one in entry.fields}
    for name, text in new.fields.items():
        if name not in known:
            yield f"目录里没有“{name[:30]}”这个信息项。"
        elif len(text) > LONGEST_TEXT:
            yield f"“{name}”太长。"
        elif known[name].date and text.strip():
            try:
                parse_date(text)
            except YiwangError:
                yield f"“{name}”要写成 2026-01-04 这样的日期。"
    for one in entry.fields:
        if one.required and not new.fields.get(one.name, "").strip():
            yield f"“{one.name}”没有填写。"
    degrees = entry.severities()
    if degrees and new.severity not in degrees:
        yield f"“失信程度”要写{'、'.join(degrees)}其中一个。"
    if not degrees and new.severity is not None:
        yield "这一类信息不分失信程度。"


def _entering(new: NewRecord, entry: CreditEntry, calendar: WorkCalendar) -> Iterator[str]:
    """Nobody is entered on a list before having been told and the time for being heard is over."""
    if entry.entering is None or not entry.sort.is_against:
        return
    if new.told_on is None:
        yield "列入名单前要告知当事人：请填写“告知日期”。"
        return
    notice = entry.entering.notice
    last = calendar.due(new.told_on, Limit(notice.days, Unit(notice.unit.value))).date
    if new.decided_on <= last:
        yield f"告知后要留{notice.days:f}天陈述申辩，{last:%Y年%m月%d日}之后才能列入。"


def refuse_if(said: list[str]) -> None:
    """Raise Invalid with everything that is wrong, if anything is."""
    if said:
        raise Invalid("".join(said), mend="请改正后重新报送。")
