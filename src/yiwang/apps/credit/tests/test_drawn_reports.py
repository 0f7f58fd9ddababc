# SPDX-License-Identifier: Apache-2.0
"""Credit reports: what counts today and no more, sealed, kept, checked by anybody; each on record."""

from __future__ import annotations

import datetime as dt
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from support.credit_reports import bureau as open_bureau
from yiwang.apps.credit import public as credit
from yiwang.apps.credit.models import Report
from yiwang.apps.journal.public import entries_of, looks_at
from yiwang.apps.seals import public as seals
from yiwang.engines.papers import check_file, protected_parts
from yiwang.engines.sealing import write_openssl_kit
from yiwang.kernel.actor import ANONYMOUS
from yiwang.kernel.errors import Invalid, NotAllowed, NotFound, Unavailable

from .conftest import Town, made

OWN, PUBLIC, OFFICER, INSTEAD = (
    "credit-report-own", "credit-report-public", "credit-report-officer", "credit-report-instead",
)  # fmt: skip


@pytest.fixture
def bureau(town: Town, settings: Any, tmp_path: Path) -> Iterator[Town]:
    """The town, with a seal that the system presses on credit reports."""
    settings.DATA_DIR = tmp_path
    with open_bureau(tmp_path, lambda: dict(made().settings)):
        yield town


def said(report: credit.ReportView) -> str:
    """Everything a report says."""
    rows = [cell for part in report.parts for row in part.rows for cell in row]
    return "\n".join([*rows, *(words for part in report.parts for words in part.words)])


def told(town: Town) -> dict[str, str]:
    """Records of the first firm: grave and slight penalties, one repaired away, one of the other firm."""
    slight = town.penalty(reference="轻微号", title="轻微处罚", severity=credit.Severity.SLIGHT)
    gone = town.penalty(reference="撤销号", title="撤销了的处罚")
    records = {
        "grave": credit.record(town.officer, town.penalty(title="严重处罚")),
        "slight": credit.record(town.officer, slight),
        "gone": credit.record(town.officer, gone),
        "other": credit.record(town.officer, town.penalty(1, reference="他人号", title="别家的处罚")),
    }
    credit.withdraw(town.officer, records["gone"], reason="撤销了")
    credit.object_to(town.bosses[0], records["grave"], words="这条记录不对，请核查")
    return records


@pytest.mark.storage
def test_each_version_holds_what_is_meant_for_it(bureau: Town) -> None:
    told(bureau)
    firm, boss = bureau.firms[0], bureau.bosses[0]
    own = credit.draw_report(boss, credit.NewReport(firm, OWN))
    public = credit.draw_report(ANONYMOUS, credit.NewReport(firm, PUBLIC))
    instead = credit.draw_report(boss, credit.NewReport(firm, INSTEAD))
    asked = credit.NewReport(firm, OFFICER, "招标投标", "某项目招标")
    officer = credit.draw_report(bureau.other, asked)
    assert all("严重处罚" in said(one) for one in (own, public, instead, officer))
    assert [("轻微处罚" in said(one)) for one in (own, public, instead, officer)] == [True, False, True, True]
    for one in (own, public, instead, officer):
        assert "撤销了的处罚" not in said(one)
        assert "别家的处罚" not in said(one)
        assert one.parts[-1].title == "不列入本报告的内容"
    assert [("得分" in said(one)) for one in (own, public, instead, officer)] == [True, False, False, True]
    assert ["法人0" in said(one) for one in (own, public, instead, officer)] == [True, False, True, False]
    assert "有异议，正在核查" in said(own)
    assert "evaluation-firms" in said(own)
    assert (officer.asked_by, officer.use, officer.case) == ("市住建局", "招标投标", "某项目招标")
    assert own.valid_until == bureau.today + dt.timedelta(days=30)


def test_the_files_verify_with_openssl_and_the_code_tells_nothing_of_what_they_say(
    bureau: Town, tmp_path: Path, clock: time_machine.Traveller
) -> None:
    told(bureau)
    drawn = credit.draw_report(bureau.bosses[0], credit.NewReport(bureau.firms[0], OWN))
    for form in ("pdf", "ofd"):
        name, content = credit.report_file(bureau.bosses[0], drawn.id, form)
        assert name.endswith(f".{form}")
        assert check_file(content, seals.trust(), at=timezone.now()).ok
        assert credit.was_report(content) == credit.report_check(drawn.code)
        assert credit.was_report(content + b" ") is None
        [(_, _, der)] = protected_parts(content)
        folder = tmp_path / form
        folder.mkdir()
        for command in write_openssl_kit(der, folder):
            assert (
                subprocess.run(command, shell=True, cwd=folder, capture_output=True, check=False).returncode
                == 0
            )
    found = credit.report_check(drawn.code.lower().replace("-", " "))
    assert (found.name, found.asked_by, found.at, found.holds) == (drawn.name, "报告主体自己", drawn.at, True)
    assert not [one for one in vars(found).values() if bureau.codes[0] in str(one) or "测试企业" in str(one)]
    clock.shift(dt.timedelta(days=31))
    assert not credit.report_check(drawn.code).holds
    with pytest.raises(NotFound):
        credit.report_check("0000-0000-0000-0000")
    with pytest.raises(Invalid):
        credit.report_check("什么")


def test_the_same_day_and_the_same_content_is_the_same_report(
    bureau: Town, clock: time_machine.Traveller
) -> None:
    asked = credit.NewReport(bureau.firms[0], PUBLIC)
    first = credit.draw_report(ANONYMOUS, asked)
    assert credit.draw_report(bureau.bosses[1], asked) == first
    assert Report.objects.count() == 1
    credit.record(bureau.officer, bureau.penalty())
    second = credit.draw_report(ANONYMOUS, asked)
    assert second.id != first.id
    assert "虚假宣传" in said(second)
    assert "虚假宣传" not in said(credit.report_view(ANONYMOUS, first.id))
    clock.shift(dt.timedelta(days=1))
    assert credit.draw_report(ANONYMOUS, asked).id not in (first.id, second.id)


def test_who_may_draw_and_open_what_and_every_look_is_told(bureau: Town) -> None:
    firm, boss, stranger = bureau.firms[0], bureau.bosses[0], bureau.bosses[1]
    own = credit.draw_report(boss, credit.NewReport(firm, OWN))
    asked = credit.NewReport(firm, OFFICER, "行政许可", "办件一二三四")
    officer = credit.draw_report(bureau.officer, asked)
    for actor in (stranger, ANONYMOUS, bureau.other):
        with pytest.raises(credit.NoSuchRecord):
            credit.draw_report(actor, credit.NewReport(firm, OWN))
        for one in (own, officer):
            with pytest.raises(credit.NoSuchRecord):
                credit.report_file(actor, one.id, "pdf")
    for actor in (boss, ANONYMOUS):
        with pytest.raises(NotAllowed):
            credit.draw_report(actor, asked)
    with pytest.raises(Invalid, match="不对个人"):
        credit.draw_report(ANONYMOUS, credit.NewReport(boss.id, PUBLIC))
    with pytest.raises(credit.NoSuchRecord):
        credit.report_file(boss, own.id, "json")
    person = credit.draw_report(boss, credit.NewReport(boss.id, OWN))
    assert "法人0" in said(person)
    assert credit.report_view(boss, officer.id).case == "办件一二三四"
    assert credit.report_view(bureau.lead, own.id) == own
    assert [one.id for one in credit.reports_of(boss, firm)] == [officer.id, own.id]
    assert [one.id for one in credit.reports_drawn_by(bureau.officer)] == [officer.id]
    assert not credit.reports_drawn_by(bureau.officer)[0].parts
    looks = looks_at(firm)
    assert [one["purpose"] for one in looks] == [
        "查看出具过的信用报告",
        "出具公共信用报告（单位查询版）：行政许可",
    ]
    actions = [one["action"] for one in entries_of(f"credit-report:{own.id}")]
    assert actions == ["credit.report.drawn", "credit.report.look"]


def test_without_a_seal_no_report_leaves_the_house(town: Town, settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    with pytest.raises(Unavailable, match="电子印章"):
        credit.draw_report(town.bosses[0], credit.NewReport(town.firms[0], OWN))
    assert not Report.objects.exists()
