# SPDX-License-Identifier: Apache-2.0
"""Reports as they were drawn: who may open them, and what anybody is told by the check code.

The check tells that a report is genuine, when, for whom and in which version it was made: nothing of what
it says, and not whom it is about.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from yiwang.apps.catalogue.public import OpenRelease, current
from yiwang.apps.journal.public import record as note_down
from yiwang.apps.licences.public import read_check_code, written_check_code
from yiwang.engines.credit import Audience
from yiwang.kernel.actor import Actor, ActorKind, system
from yiwang.kernel.errors import NotFound

from .models import Report
from .parts import NoSuchRecord, book_of, leads
from .queries.views import org_name
from .reports_contents import Section, from_data
from .reports_drawing import file_of

BASIS = "豫发改财金〔2023〕39号（信用报告）；驻政〔2018〕85号“扩大信用服务”“加强数据安全”"  # L629, L689
_MOST = 100
_ANYBODY = system("社会公众")


def whoever(actor: Actor) -> Actor:
    """The actor as the journal names them: who is not logged in stands for the public."""
    return actor if actor.id else _ANYBODY


@dataclass(frozen=True)
class ReportView:
    """A report as it was drawn. `asked_by`: who asked, in words; `parts`: what it says."""

    id: str
    code: str
    name: str
    version: str
    subject: str
    asked_by: str
    use: str
    case: str
    on: dt.date
    at: dt.datetime
    valid_until: dt.date
    parts: Sequence[Section]

    @property
    def holds(self) -> bool:
        """Whether it is still valid today."""
        return timezone.localdate() <= self.valid_until


@dataclass(frozen=True)
class ReportCheck:
    """What anybody is told of a report by its check code: nothing of what it says."""

    code: str
    name: str
    version: str
    release: str
    asked_by: str
    at: dt.datetime
    valid_until: dt.date
    holds: bool
    asked_at: dt.datetime


def report_view(actor: Actor, report: str) -> ReportView:
    """A report, for whom it is about, the officer who drew it, the leading unit; a public one for anybody.

    An officer's look is logged. Raises NoSuchRecord.
    """
    row = _allowed(actor, report)
    return view_of(row, current())


def report_file(actor: Actor, report: str, form: str) -> tuple[str, bytes]:
    """The name and content of the sealed file (`pdf` or `ofd`); who may, as above; each is written down.

    Raises NoSuchRecord, Unavailable.
    """
    row = _allowed(actor, report)
    if form not in ("pdf", "ofd"):
        raise NoSuchRecord
    content = file_of(row, form)
    with transaction.atomic():
        note_down(
            whoever(actor), "credit.report.handed", stream=f"credit-report:{row.public_id}",
            about=row.public_id, subject=row.subject, purpose="下载信用报告", basis=BASIS,
            detail={"form": form},
        )  # fmt: skip
    return f"{_name(row, current())}-{written_check_code(row.check_code)}.{form}", content


def _allowed(actor: Actor, report: str) -> Report:
    row = Report.objects.filter(public_id=report).first()
    if row is None:
        raise NoSuchRecord
    audience = _audience(row, current())
    if audience is Audience.PUBLIC or actor.is_subject(row.subject):
        return row
    if actor.kind is ActorKind.OFFICER and (row.by == actor.id or leads(actor, current())):
        with transaction.atomic():
            note_down(
                actor, "credit.report.look", stream=f"credit-report:{row.public_id}", about=row.public_id,
                subject=row.subject, purpose=row.use or "查看出具过的信用报告", basis=BASIS,
            )  # fmt: skip
        return row
    raise NoSuchRecord


def reports_of(actor: Actor, subject: str) -> list[ReportView]:
    """Every report drawn about oneself or a firm one acts for, newest first. Raises NoSuchRecord."""
    if not actor.is_subject(subject):
        raise NoSuchRecord
    opened = current()
    return [view_of(row, opened) for row in Report.objects.filter(subject=subject).order_by("-id")[:_MOST]]


def reports_drawn_by(actor: Actor) -> list[ReportView]:
    """The reports an officer drew, newest first, without what they say: opening one is a look."""
    opened = current()
    rows = Report.objects.filter(by=actor.id).exclude(org="").order_by("-id")[:_MOST]
    return [view_of(row, opened, parts=False) for row in rows]


def report_check(code: str) -> ReportCheck:
    """What anybody is told by a check code. Raises Invalid for what is none, NotFound for an unknown one."""
    row = Report.objects.filter(check_code=read_check_code(code)).first()
    if row is None:
        raise NotFound("没有查到这个查验码的信用报告。", mend="请逐位核对查验码。")
    return _checked(row)


def was_report(content: bytes) -> ReportCheck | None:
    """Whether a file is, byte for byte, a report that was made here."""
    digest = hashlib.sha256(content).hexdigest()
    row = Report.objects.filter(Q(pdf=digest) | Q(ofd=digest)).first()
    return _checked(row) if row else None


def _checked(row: Report) -> ReportCheck:
    opened, now = current(), timezone.now()
    return ReportCheck(
        written_check_code(row.check_code), _name(row, opened), row.report, row.release[:16],
        _asked_by(row, opened), row.at, row.valid_until, timezone.localdate(now) <= row.valid_until, now,
    )  # fmt: skip


def view_of(row: Report, opened: OpenRelease, *, parts: bool = True) -> ReportView:
    """A report as it is shown. Whoever calls has decided that the actor may see it."""
    return ReportView(
        row.public_id, written_check_code(row.check_code), _name(row, opened), row.report, row.subject,
        _asked_by(row, opened), row.use, row.case, row.on, row.at, row.valid_until,
        from_data(row.contents) if parts else (),
    )  # fmt: skip


def _name(row: Report, opened: OpenRelease) -> str:
    """The version's name; one taken out of the release is still a report."""
    found = book_of(opened).reports.get(row.report)
    return found.name if found else "公共信用报告"


def _audience(row: Report, opened: OpenRelease) -> Audience:
    found = book_of(opened).reports.get(row.report)
    if found is not None:
        return found.audience
    return Audience.OFFICER if row.org else Audience.OWN


def _asked_by(row: Report, opened: OpenRelease) -> str:
    if row.org:
        return org_name(opened, row.org)
    return _audience(row, opened).term
