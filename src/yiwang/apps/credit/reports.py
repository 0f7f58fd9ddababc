# SPDX-License-Identifier: Apache-2.0
"""Credit reports (信用报告): drawn on request for whom they are about, for everybody (a firm's public
version), for officers with use and matter; sealed, kept, checked by anybody.

1. The definition says for whom the version is, for which uses, what it holds and what it leaves out.
2. The parts are worked out for today. The same asked again on the same day, with the same answer, is the
   same report: nothing is drawn twice.
3. Drawn and sealed by the system's seal, stored, written down with the journal in one transaction.

Who may open it, and what its check code tells: `reports_reading`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import OpenRelease, current
from yiwang.apps.identity.public import Subject as Whom
from yiwang.apps.identity.public import firms_by_code, people_by_number
from yiwang.apps.identity.public import subject as subject_with
from yiwang.apps.journal.public import record as note_down
from yiwang.apps.licences.public import new_check_code
from yiwang.engines.credit import Audience, CreditReport, require_use
from yiwang.engines.definitions import whole
from yiwang.engines.definitions.kinds.elements import Subject
from yiwang.engines.sealing import sm3
from yiwang.kernel.actor import Actor
from yiwang.kernel.canonical import canonical_json
from yiwang.kernel.dates import format_date
from yiwang.kernel.errors import Invalid, NotAllowed
from yiwang.kernel.ids import check_id_number, check_uscc, new_public_id

from .models import Report
from .parts import NoSuchRecord, book_of, orgs_of
from .reports_contents import Section, as_data, sections_of
from .reports_drawing import Drawing, add, hand, sealed
from .reports_reading import BASIS, ReportView, view_of, whoever

_LONGEST = 200


@dataclass(frozen=True)
class NewReport:
    """What is asked for: whose report, in which version; for officers the use and the matter."""

    subject: str
    report: str
    use: str = ""
    case: str = ""


def report_versions(audience: Audience, *, kind: str = "firm") -> list[CreditReport]:
    """The versions of the report in force today for such askers, about firms or persons."""
    today = timezone.localdate()
    return [
        one
        for one in book_of(current()).reports.values()
        if one.audience is audience and one.valid_on(today) and Subject(kind) in one.subjects
    ]


def draw_report(actor: Actor, new: NewReport) -> ReportView:
    """Draw, seal and keep a report; the one drawn earlier today if nothing is different.

    Raises NotFound: no such version; NoSuchRecord: not one's own; NotAllowed: no officer of a unit;
    Invalid: not for such a subject, no use or matter; Unavailable: no seal is set up, no fonts.
    """
    opened, today = current(), timezone.localdate()
    report = book_of(opened).report(new.report)
    _may_draw(actor, report, new.subject)
    whom = subject_with(new.subject)
    require_use(report, kind=Subject(whom.kind), use=new.use, case=new.case)
    if len(new.case) > _LONGEST:
        raise Invalid("事项写得太长。", mend=f"请在{_LONGEST}个字以内写明。", field="case")
    sections = sections_of(opened, report, whom, on=today)
    digest = _digest(opened, sections, new, actor if report.audience is Audience.OFFICER else None)
    known = Report.objects.filter(subject=whom.public_id, report=report.id, on=today, digest=digest).last()
    if known is None:
        known = _drawn(actor, opened, report, whom, _Asked(new, sections, digest))
    with transaction.atomic():
        _note(actor, report, known)
    return view_of(known, opened)


def draw_numbered(actor: Actor, number: str, new: NewReport) -> ReportView:
    """The same for an officer who knows a unified code or an identity number; `new.subject` is not read.

    Use and matter are asked for before the number is: nobody tries numbers without saying why.
    Raises Invalid, too: nobody is registered with the number.
    """
    report = book_of(current()).report(new.report)
    _may_draw(actor, report, "")
    require_use(report, kind=report.subjects[0], use=new.use, case=new.case)
    return draw_report(actor, replace(new, subject=_numbered(number.strip())))


def _numbered(number: str) -> str:
    try:
        found = firms_by_code([check_uscc(number)])
    except Invalid:
        found = people_by_number([check_id_number(number, today=timezone.localdate(), field="number").number])
    if not found:
        raise Invalid("没有登记过这个单位或个人。", mend="请核对后再查。", field="number")
    return next(iter(found.values())).public_id


def _may_draw(actor: Actor, report: CreditReport, subject: str) -> None:
    if report.audience is Audience.OWN and not actor.is_subject(subject):
        raise NoSuchRecord
    if report.audience is Audience.OFFICER and not orgs_of(actor):
        raise NotAllowed(
            "只有办理业务的工作人员可以出具单位查询版。", mend="本人和本单位的请登录后在“我的信用”出具。"
        )


def _digest(opened: OpenRelease, sections: Sequence[Section], new: NewReport, officer: Actor | None) -> str:
    """What makes two reports of one day the same: what they say, by which rules, for which use of whom."""
    said = {
        "release": opened.digest, "parts": as_data(sections), "use": new.use, "case": new.case.strip(),
        "officer": officer.id if officer else "",
    }  # fmt: skip
    return sm3(canonical_json(said)).hex()


@dataclass(frozen=True)
class _Asked:
    new: NewReport
    sections: Sequence[Section]
    digest: str


def _drawn(actor: Actor, opened: OpenRelease, report: CreditReport, whom: Whom, asked: _Asked) -> Report:
    press, now, code, public_id = hand(), timezone.now(), new_check_code(), new_public_id("rp")
    today = timezone.localdate(now)
    until = today + dt.timedelta(days=whole(opened.catalogue, report.valid_days))
    number = whom.masked_number if whom.kind == "person" else whom.number
    name = whom.name if report.audience is Audience.OWN else whom.masked_name
    facts = [
        ("报告主体", f"{name}（{number}）"),
        ("报告版本", f"{report.id}，目录版本 {opened.digest[:16]}"),
        ("制作机关", _in_full(opened, press.org)),
        ("制作时间", f"{format_date(today)}{timezone.localtime(now):%H时%M分}"),
        ("有效期", f"到{format_date(until)}"),
    ]
    if asked.new.use:
        facts += [("用途", asked.new.use), ("办理的事项", asked.new.case.strip())]
    with transaction.atomic():
        files = sealed(Drawing(report.name, facts, asked.sections, code), press, about=public_id)
        stored = {form: add(data) for form, data in files.items()}
        return Report.objects.create(
            public_id=public_id, check_code=code, report=report.id, release=opened.digest,
            subject=whom.public_id, by=actor.id or "anonymous", org=_org(actor, report), use=asked.new.use,
            case=asked.new.case.strip(), on=today, at=now, valid_until=until,
            contents=as_data(asked.sections), digest=asked.digest, **stored,
        )  # fmt: skip


def _in_full(opened: OpenRelease, org: str) -> str:
    found = opened.catalogue.orgs.get(org)
    return found.name if found else org


def _org(actor: Actor, report: CreditReport) -> str:
    return min(orgs_of(actor)) if report.audience is Audience.OFFICER else ""


def _note(actor: Actor, report: CreditReport, row: Report) -> None:
    """An officer's report is a look at somebody's data; a public one holds what is public anyway."""
    looks = report.audience is Audience.OFFICER
    note_down(
        whoever(actor), "credit.report.look" if looks else "credit.report.drawn",
        stream=f"credit-report:{row.public_id}", about=row.public_id, subject=row.subject, basis=BASIS,
        purpose=f"出具{report.name}：{row.use}" if looks else f"出具{report.name}",
        detail={"report": report.id, "pdf": row.pdf, "ofd": row.ofd, "parts": row.digest},
    )  # fmt: skip
