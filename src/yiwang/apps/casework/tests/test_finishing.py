# SPDX-License-Identifier: Apache-2.0
"""Finishing: withdrawal, all results together, some of them early, the archive package."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import time_machine
from django.conf import settings

from yiwang.apps.casework import public as cw
from yiwang.apps.casework.archives import LOCK
from yiwang.apps.casework.commands import _archive
from yiwang.apps.casework.commands._archive import packed
from yiwang.apps.casework.models import Application, ArchivePackage, Delivery
from yiwang.apps.casework.tests import town as t
from yiwang.apps.journal.public import entries_of, looks_at
from yiwang.apps.licences.public import LicenceView, licences
from yiwang.apps.materials import files
from yiwang.apps.notices.public import box
from yiwang.engines.archives import verify
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, Invalid, NotFound, Unavailable

PAIR = ("alpha", "gamma")


def pair(town: t.Town, delivery: str) -> str:
    return t.submitted(town, t.Errand(items=PAIR, delivery=delivery))


# -- 统一出件


@pytest.mark.parametrize("delivery", ["counter", "courier"])
def test_all_results_are_handed_over_together(town: t.Town, delivery: str) -> None:
    made = pair(town, delivery)
    t.bring(made, "alpha")
    with pytest.raises(Conflict, match="统一出件"):
        cw.deliver(town["clerk"], made, receipt="本人签收")
    assert cw.ready_to_deliver(town["clerk"]) == []
    t.bring(made, "gamma")
    assert [row.id for row in cw.ready_to_deliver(town["clerk"])] == [made]
    with pytest.raises(Invalid, match="凭证"):
        cw.deliver(town["clerk"], made, receipt=" ")
    cw.deliver(town["clerk"], made, receipt="SF123")
    assert t.stage(made) == "finished"
    seen = cw.application_view(town["owner"], made)
    assert (seen.tracking, len(seen.deliveries)) == ("SF123", 1)
    with pytest.raises(Conflict):
        cw.deliver(town["clerk"], made, receipt="又一次")


def test_electronic_results_go_by_themselves(town: t.Town) -> None:
    made = pair(town, "electronic")
    t.bring(made, "alpha")
    assert t.state(made, "alpha") == "result_made"
    t.bring(made, "gamma")
    assert {t.state(made, item) for item in PAIR} == {"archived"}
    assert Delivery.objects.get(application__public_id=made).items == list(PAIR)
    assert box([town["owner"].id])[0].title == "全部结果已送达"


def test_some_results_are_handed_over_early_when_asked(town: t.Town) -> None:
    made = pair(town, "counter")
    with pytest.raises(Conflict, match="没有可以送达"):
        cw.deliver(town["clerk"], made, receipt="本人", early=True)
    t.bring(made, "alpha")
    cw.deliver(town["clerk"], made, receipt="本人", early=True)
    assert (t.state(made, "alpha"), t.stage(made)) == ("archived", "handling")
    t.bring(made, "gamma")
    cw.deliver(town["clerk"], made, receipt="本人")
    assert [d.items for d in cw.application_view(town["owner"], made).deliveries] == [["甲证"], ["丙备案"]]
    assert t.stage(made) == "finished"


def test_the_ten_days_of_delivery_do_not_wait_for_the_others(
    town: t.Town, clock: time_machine.Traveller
) -> None:
    posted, wired = pair(town, "counter"), pair(town, "electronic")
    for made in (posted, wired):
        t.bring(made, "alpha")  # to be delivered by Monday 16 March
    clock.move_to(dt.datetime(2026, 3, 10, 1, tzinfo=dt.UTC))
    assert cw.run_timers()["delivered"] == 0
    clock.move_to(dt.datetime(2026, 3, 11, 1, tzinfo=dt.UTC))
    assert [cw.run_timers()["delivered"] for _ in range(2)] == [2, 0]
    assert (t.state(wired, "alpha"), t.state(posted, "alpha")) == ("archived", "result_made")
    assert [row.id for row in cw.ready_to_deliver(town["clerk"])] == [posted]
    assert "结果可以先领取" in [letter.title for letter in box([town["owner"].id])]


def test_who_may_deliver(town: t.Town) -> None:
    made = t.submitted(town, t.Errand(delivery="counter"))
    t.bring(made)
    assert t.who_can(town, lambda a: cw.deliver(a, made, receipt="本人")) == {"clerk"}


# -- 撤回


def test_withdrawal_takes_back_what_is_not_decided(town: t.Town) -> None:
    made = t.submitted(town, t.Errand(items=("alpha", "beta", "gamma")))
    t.bring(made, "gamma")
    t.bring(made, "alpha", to="compliance_review")
    with pytest.raises(Invalid, match="原因"):
        cw.withdraw(town["owner"], made, reason=" ")
    assert cw.withdraw(town["owner"], made, reason="不办了") == 2
    assert [t.state(made, i) for i in ("alpha", "beta", "gamma")] == ["withdrawn", "withdrawn", "archived"]
    assert t.stage(made) == "finished"
    with pytest.raises(Conflict):
        cw.withdraw(town["owner"], made, reason="不办了")


def test_an_application_withdrawn_whole_is_withdrawn(town: t.Town) -> None:
    made = t.submitted(town, t.Errand(items=("alpha", "beta")))
    cw.withdraw(town["owner"], made, reason="不办了")
    assert t.stage(made) == "withdrawn"


def test_who_may_withdraw(town: t.Town) -> None:
    made = t.submitted(town)
    assert t.who_can(town, lambda actor: cw.withdraw(actor, made, reason="不办了")) == {"owner"}


def test_who_may_withdraw_for_the_firm(town: t.Town) -> None:
    made = t.submitted(town, t.Errand(by=town["agent"], subject=town.firm))
    assert t.who_can(town, lambda a: cw.withdraw(a, made, reason="不办了")) == {"chief", "agent"}


# -- 归档


def archived(town: t.Town) -> tuple[Application, dict[str, bytes]]:
    """A finished application and the members of its package."""
    made = t.submitted(town, t.Errand(items=("alpha", "delta")))
    for item in ("alpha", "delta"):
        t.bring(made, item)
    assert cw.run_timers()["archived"] == 1
    row = ArchivePackage.objects.get(application__public_id=made)
    place = Path(settings.DATA_DIR) / row.path
    body = LOCK.unlock(place.name, place.read_bytes()) or b""
    assert "小店".encode() not in place.read_bytes()
    assert hashlib.sha256(body).hexdigest() == row.sha256
    with zipfile.ZipFile(io.BytesIO(body)) as package:
        return row.application, {name: package.read(name) for name in package.namelist()}


def test_the_package_holds_everything(town: t.Town) -> None:
    application, members = archived(town)
    sheets = {name: json.loads(body) for name, body in members.items() if name.endswith(".json")}
    assert sheets["application.json"]["number"] == application.number
    assert sheets["application.json"]["form"]["shop"] == "小店"
    assert sheets["application.json"]["deliveries"][0]["items"] == ["alpha", "delta"]
    assert [i["decision"]["granted"] for i in sheets["items.json"]] == [True, True]
    documents = {d["material"]: d for d in sheets["documents.json"]}
    assert "愿意承担" in documents["proof"]["commitment"]["text"]
    assert documents["late-paper"]["promised_at"]
    assert sheets["visits.json"][0]["findings"][0]["passed"] is True
    assert {r["material"] for r in sheets["results.json"]} == {"alpha-licence", "delta-record"}
    assert "application.submitted" in [e["action"] for e in sheets["journal.json"]]
    assert members["documents/plan/1.pdf"] == t.pdf()
    assert documents["plan"]["members"] == ["documents/plan/1.pdf"]
    assert "个人信息" in members["README.txt"].decode()
    assert "1. 甲证（" in members["case.txt"].decode()
    listed = {one["name"]: one for one in sheets["manifest.json"]["files"]}
    assert listed["documents/plan/1.pdf"]["original"] == "a.pdf"
    others = {"manifest.json", "SHA256SUMS", "SM3SUMS"}
    assert {name: one["sha256"] for name, one in listed.items()} == {
        name: hashlib.sha256(body).hexdigest() for name, body in members.items() if name not in others
    }


def test_the_package_says_how_long_to_keep_it_and_by_which_rule(town: t.Town) -> None:
    application, members = archived(town)
    retention = json.loads(members["manifest.json"])["retention"]
    assert (retention["term"], retention["counted_from"]) == ("定期30年", "2027-01-01")
    assert "国家档案局令第8号" in retention["source"]
    assert str(ArchivePackage.objects.get(application=application).keep_until) == retention["until"]


def test_an_exported_package_proves_itself_without_the_database(town: t.Town, tmp_path: Path) -> None:
    application, _ = archived(town)
    found = cw.archive_package(t.SETUP, application.number or "")
    file = tmp_path / "package.zip"
    file.write_bytes(found.content)
    assert verify(file, sha256=found.sha256).ok
    (noted,) = [
        e for e in entries_of(f"case:{application.public_id}") if e["action"] == "application.archived"
    ]
    assert noted["detail"]["sha256"] == found.sha256
    assert "归档包" in looks_at(town["owner"].id)[0]["purpose"]
    file.write_bytes(found.content.replace("小店".encode(), "大店".encode()))
    assert [step.number for step in verify(file).steps if not step.ok] == [4]


def test_a_package_that_was_changed_on_the_disk_is_not_handed_out(town: t.Town) -> None:
    application, _ = archived(town)
    path = Path(settings.DATA_DIR) / ArchivePackage.objects.get(application=application).path
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(Unavailable, match="摘要不符"):
        cw.archive_package(t.SETUP, application.public_id)
    path.unlink()
    with pytest.raises(Unavailable, match="不在了"):
        cw.archive_package(t.SETUP, application.public_id)


def test_who_may_export_and_what(town: t.Town) -> None:
    application, _ = archived(town)
    assert t.who_can(town, lambda a: cw.archive_package(a, application.public_id)) == set()
    for case in ("nothing", t.submitted(town)):
        with pytest.raises(NotFound):
            cw.archive_package(t.SETUP, case)


def test_a_result_sealed_later_makes_a_later_package_with_its_files(
    town: t.Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    awaiting = {"now": True}

    def found(public_ids: Sequence[str]) -> list[LicenceView]:
        sealed = None if awaiting["now"] else dt.datetime(2026, 3, 4, tzinfo=dt.UTC)
        return [replace(one, awaiting_seal=awaiting["now"], sealed_at=sealed) for one in licences(public_ids)]

    monkeypatch.setattr(_archive, "licences", found)
    monkeypatch.setattr(_archive, "sealed_files", lambda public_id: [("pdf", b"%PDF " + public_id.encode())])
    application, members = archived(town)
    assert not any(name.startswith("results/") for name in members)
    assert cw.run_timers()["archived"] == 0
    awaiting["now"] = False
    assert [cw.run_timers()["archived"] for _ in range(2)] == [1, 0]
    package = cw.archive_package(t.SETUP, application.public_id)
    with zipfile.ZipFile(io.BytesIO(package.content)) as later:
        inside = [name for name in later.namelist() if name.startswith("results/")]
        assert len(inside) == 2
        assert {later.read(name)[:4] for name in inside} == {b"%PDF"}


def test_the_same_application_gives_the_same_package_later_too(
    town: t.Town, clock: time_machine.Traveller
) -> None:
    application, _ = archived(town)
    row = ArchivePackage.objects.get(application=application)
    clock.move_to(dt.datetime(2026, 6, 1, 1, tzinfo=dt.UTC))
    cw.application_view(town["clerk"], application.public_id)
    again = packed(Application.objects.get(pk=application.pk), journal_length=row.journal_length)
    assert hashlib.sha256(again).hexdigest() == row.sha256


def test_a_damaged_file_keeps_no_result_from_its_applicant(
    town: t.Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = t.submitted(town)
    monkeypatch.setattr(files, "read", lambda sha256: None)
    t.bring(made)
    assert t.stage(made) == "finished"
    assert cw.run_timers()["archived"] == 0
    monkeypatch.undo()
    assert [cw.run_timers()["archived"] for _ in range(2)] == [1, 0]


def test_who_may_look_at_a_finished_case(town: t.Town) -> None:
    made = t.submitted(town)
    one = t.bring(made)

    def look(actor: Actor) -> None:
        cw.case_view(actor, one)

    assert t.who_can(town, look) == {
        *("owner", "clerk", "handler", "approver", "representative", "auditor"),
    }
