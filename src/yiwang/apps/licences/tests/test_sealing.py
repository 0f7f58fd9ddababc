# SPDX-License-Identifier: Apache-2.0
"""Three sealed files or none; what stands in the way is told; what was sealed verifies for anybody."""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import replace
from pathlib import Path

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from support.workshop import ORG, PASSPHRASE, PLACE, RARE, SYSTEM, TYPE, Workshop
from yiwang.apps.catalogue.public import current
from yiwang.apps.journal.public import entries_of
from yiwang.apps.licences import files
from yiwang.apps.licences.audit import audit
from yiwang.apps.licences.commands import sealing
from yiwang.apps.licences.commands.issuing import NewLicence
from yiwang.apps.licences.commands.sealing import Sealing
from yiwang.apps.licences.drawing import draw
from yiwang.apps.licences.looks import identifier_of
from yiwang.apps.licences.models import Licence, LicenceFile, Trial
from yiwang.apps.licences.public import (
    Correction,
    EventKind,
    Standing,
    awaiting_count,
    awaiting_seal,
    change_standing,
    check_upload,
    correct,
    file_of,
    history,
    licence,
    load_stock,
    public_check,
    seal_licences,
    status_url,
    try_licence,
)
from yiwang.apps.seals.public import SealRefused, WrongPassphrase, trust, use_log
from yiwang.engines import papers
from yiwang.engines.papers import check_file
from yiwang.engines.process.lights import Light
from yiwang.kernel.actor import ANONYMOUS, Actor, ActorKind, Post, Role
from yiwang.kernel.errors import Invalid, NotAllowed, NotFound, Unavailable

pytestmark = [pytest.mark.storage, pytest.mark.django_db]
DAY = dt.timedelta(days=1)
FORMS = ("pdf", "ofd", "json")


def seal(workshop: Workshop, *ids: str, passphrase: str = PASSPHRASE, actor: Actor | None = None) -> Sealing:
    return seal_licences(
        actor or workshop.custodian, ids, seal=workshop.seal, use=workshop.use, passphrase=passphrase
    )


def test_a_licence_is_sealed_in_three_forms_that_verify_with_a_rare_name_in_them(workshop: Workshop) -> None:
    public_id = workshop.issue("1")
    assert seal(workshop, public_id).sealed == [public_id]
    seen = licence(public_id)
    assert (seen.awaiting_seal, seen.sealed_at is not None, seen.word) == (False, True, "有效")
    for form in FORMS:
        content = file_of(public_id, form)
        assert check_file(content, trust(), at=timezone.now()).ok
        found = check_upload(content)
        assert (found.ours, found.newest, found.form, found.report.ok) == (True, True, form, True)
        assert found.now is not None
        assert found.now.good
        assert not check_upload(content[:-1] + bytes([content[-1] ^ 1])).report.ok
    assert RARE in file_of(public_id, "json").decode()
    event = history(public_id)[-1]
    assert (event.kind, set(event.facts["files"])) == (EventKind.SEALED, set(FORMS))
    assert [e["action"] for e in entries_of(f"licence:{public_id}")] == ["licence.issued", "licence.sealed"]
    assert len(use_log(workshop.custodian, workshop.seal)) == 3
    assert list(audit(contents=True)) == []
    with pytest.raises(NotFound):
        file_of(public_id, "docx")


def test_a_licence_is_sealed_once_however_often_it_is_asked(workshop: Workshop) -> None:
    public_id = workshop.issue("1")
    seal(workshop, public_id)
    first = file_of(public_id, "pdf")
    again = seal(workshop, public_id, public_id)
    assert (again.sealed, again.already, again.left) == ([], [public_id], [])
    assert file_of(public_id, "pdf") == first
    assert LicenceFile.objects.count() == 3


def test_a_wrong_passphrase_and_a_stranger_seal_nothing(workshop: Workshop) -> None:
    ids = [workshop.issue(number) for number in ("1", "2")]
    with pytest.raises(WrongPassphrase):
        seal(workshop, *ids, passphrase="不对的口令-2026-x")
    for actor in (workshop.stage.approver, workshop.stage.elsewhere):
        with pytest.raises((NotAllowed, NotFound, SealRefused)):
            seal(workshop, *ids, actor=actor)
    for actor in (ANONYMOUS, Actor(ActorKind.PERSON, workshop.holder, "王")):
        with pytest.raises(NotFound):
            seal(workshop, *ids, actor=actor)
    for chosen in ([], [f"l_{n}" for n in range(sealing.MOST_AT_ONCE + 1)]):
        with pytest.raises(Invalid):
            seal(workshop, *chosen)
    assert not LicenceFile.objects.exists()
    assert all(licence(one).awaiting_seal for one in ids)


def test_one_that_cannot_be_sealed_is_left_with_the_reason_and_the_others_are_sealed(
    workshop: Workshop,
) -> None:
    good = workshop.issue("1")
    suspended, revoked = workshop.issue("2"), workshop.issue("3")
    change_standing(SYSTEM, suspended, Standing.SUSPENDED, reason="x")
    change_standing(SYSTEM, revoked, Standing.REVOKED, reason="x")
    nameless = workshop.issue("4", fields={})
    unknown = workshop.issue("5", name="\U000fffff")
    foreign = workshop.issue("6", issuer="education")
    other_type = workshop.issue("7", material="id-card", fields={})
    (stock,) = load_stock(SYSTEM, [NewLicence(TYPE, "S1", workshop.holder, ORG, timezone.localdate())])
    result = seal(workshop, "l_no", suspended, revoked, nameless, unknown, foreign, other_type, stock, good)
    assert result.sealed == [good]
    why = dict(result.left)
    for public_id, words in {
        "l_no": "没有这个证照",
        suspended: "暂停",
        revoked: "撤销",
        nameless: "姓名",
        unknown: "字",
        foreign: "不是发证机关的",
        other_type: "没有盖章",
        stock: "不制作电子文件",
    }.items():
        assert words in why[public_id], (words, why[public_id])
    assert LicenceFile.objects.count() == 3
    assert list(audit()) == []
    assert {row.licence.public_id for row in Trial.objects.exclude(fault="")} == {nameless, unknown}


@pytest.mark.parametrize("step", ["seal_ofd", "seal_json"])
def test_a_failure_half_way_leaves_nothing_of_the_licence(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    first, second = workshop.issue("1"), workshop.issue("2")
    whole, calls = getattr(papers, step), []

    def break_once(*args: object) -> object:
        calls.append(1)
        if len(calls) == 1:
            raise Unavailable("磁盘满了。", mend="请清理。")
        return whole(*args)

    monkeypatch.setattr(papers, step, break_once)
    result = seal(workshop, first, second)
    assert (result.sealed, result.left) == ([second], [(first, "磁盘满了。 请清理。")])
    assert not LicenceFile.objects.filter(licence__public_id=first).exists()
    assert seal(workshop, first).sealed == [first]
    assert list(audit(contents=True)) == []


def test_what_does_not_verify_does_not_leave_the_house(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    public_id = workshop.issue("1")
    monkeypatch.setattr(papers, "seal_ofd", lambda data, *rest: data)
    ((left, why),) = seal(workshop, public_id).left
    assert left == public_id
    assert "OFD 文件签章后核验不通过" in why
    assert licence(public_id).awaiting_seal
    assert not LicenceFile.objects.exists()


@pytest.mark.parametrize("standing", [Standing.SUSPENDED, Standing.REVOKED])
def test_what_changes_while_it_is_drawn_is_not_sealed(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, standing: Standing
) -> None:
    public_id = workshop.issue("1")

    def meanwhile(row: Licence) -> object:
        sheets = draw(row)
        change_standing(SYSTEM, public_id, standing, reason="同时办理")
        return sheets

    monkeypatch.setattr("yiwang.apps.licences.commands.sealing.draw", meanwhile)
    ((_, why),) = seal(workshop, public_id).left
    assert standing.term in why
    assert licence(public_id).sealed_at is None


@pytest.mark.django_db(transaction=True)
def test_of_two_custodians_sealing_at_once_each_licence_is_sealed_once(workshop: Workshop) -> None:
    ids = [workshop.issue(str(number)) for number in range(3)]
    start, results = threading.Barrier(2), []

    def work() -> None:
        start.wait()
        try:
            results.append(seal(workshop, *ids))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 2
    assert sorted(one for result in results for one in result.sealed) == sorted(ids)
    assert LicenceFile.objects.count() == 9
    assert list(audit(contents=True)) == []


def test_a_sealed_file_that_is_gone_or_altered_is_named(workshop: Workshop, tmp_path: Path) -> None:
    public_id = workshop.issue("1")
    seal(workshop, public_id)
    sha256 = LicenceFile.objects.get(form="pdf").sha256
    path = files.place_of(sha256)
    path.write_bytes(b"%PDF-1.7 other")
    assert list(audit()) == []
    assert sha256[:12] in str(next(audit(contents=True)))
    with pytest.raises(Unavailable):
        file_of(public_id, "pdf")
    path.unlink()
    assert public_id in str(next(audit()))


# -- what follows


def test_a_revoked_licence_has_a_file_that_verifies_and_a_check_that_says_revoked(workshop: Workshop) -> None:
    public_id = workshop.issue("1")
    seal(workshop, public_id)
    content = file_of(public_id, "pdf")
    change_standing(workshop.stage.approver, public_id, Standing.REVOKED, reason="骗取许可")
    found = check_upload(content)
    assert found.report.ok
    assert found.now is not None
    assert (found.now.word, found.now.good) == ("撤销", False)
    assert public_check(licence(public_id).check_code).word == "撤销"


def test_a_corrected_licence_is_sealed_anew_and_the_old_file_says_so(workshop: Workshop) -> None:
    public_id = workshop.issue("1")
    seal(workshop, public_id)
    old = file_of(public_id, "pdf")
    correct(workshop.stage.approver, public_id, Correction({"resident-name": "李四"}), reason="印错了")
    with pytest.raises(NotFound, match="还没有签章"):
        file_of(public_id, "pdf")
    assert not check_upload(old).newest
    assert seal(workshop, public_id).sealed == [public_id]
    assert file_of(public_id, "pdf") != old
    found = check_upload(old)
    assert (found.ours, found.newest, found.report.ok) == (True, False, True)
    assert check_upload(file_of(public_id, "json")).newest
    assert list(audit(contents=True)) == []


def test_the_check_shows_what_the_purpose_needs_and_masks_the_holder(workshop: Workshop) -> None:
    public_id = workshop.issue("1")
    seen = licence(public_id)
    for typed in (seen.check_code, seen.written_check_code, f" {seen.check_code.lower()} "):
        found = public_check(typed)
        assert (found.number, found.word, found.good, found.sealed_on) == ("1", "有效", True, None)
    assert found.holder == f"{RARE[0]}{'*' * (len(RARE) - 2)}{RARE[-1]}"
    assert status_url(seen.check_code).endswith(f"/verify/{seen.written_check_code}")
    with pytest.raises(Invalid):
        public_check("1")
    with pytest.raises(NotFound):
        public_check("0" * 16)


@pytest.mark.parametrize("data", [b"", b"\x30\x03\x02\x01\x01", b"%PDF-", b"{", b"PK\x03\x04", b"\x89PNG"])
def test_rubbish_is_refused_at_a_step_and_nothing_raises(workshop: Workshop, data: bytes) -> None:
    found = check_upload(data)
    assert not found.report.ok
    assert found.report.failed is not None
    assert (found.ours, found.now) == (False, None)


# -- the list


def test_the_list_has_lights_and_faults_and_only_what_is_the_actors(workshop: Workshop) -> None:
    plain, faulty = workshop.issue("1"), workshop.issue("2", fields={})
    workshop.issue("3", issuer="education")
    try_licence("k", {"licence": plain})
    try_licence("k", {"licence": faulty})
    try_licence("k", {"licence": "l_gone"})
    rows = {row.licence.public_id: row for row in awaiting_seal(workshop.custodian)}
    assert set(rows) == {plain, faulty}
    assert rows[plain].fault == ""
    assert "姓名" in rows[faulty].fault
    assert awaiting_seal(workshop.custodian, material="id-card") == []
    xiping = Actor(ActorKind.OFFICER, "o_x", "西平", (Post(Role.CUSTODIAN, ORG, "xiping"),))
    for actor in (xiping, ANONYMOUS, Actor(ActorKind.OFFICER, "o_y", "窗口", (Post(Role.COUNTER, ORG),))):
        assert awaiting_seal(actor) == []
    change_standing(SYSTEM, plain, Standing.SUSPENDED, reason="x")
    assert awaiting_count(workshop.custodian) == 1


def test_two_working_days_are_counted_from_the_day_the_paper_was_made(workshop: Workshop) -> None:
    thursday = dt.datetime(2026, 3, 5, 10, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    with time_machine.travel(thursday, tick=False):
        public_id = workshop.issue("1")
    assert licence(public_id).seal_due == dt.date(2026, 3, 9)
    for day, light, late in (
        (5, Light.GREEN, 0),
        (8, Light.GREEN, 0),
        (9, Light.RED, 0),
        (10, Light.LATE, 1),
    ):
        with time_machine.travel(thursday.replace(day=day), tick=False):
            (row,) = awaiting_seal(workshop.custodian)
            assert row.light is light
            assert awaiting_count(workshop.custodian, late=True) == late


def test_a_type_without_a_template_has_a_general_layout(workshop: Workshop) -> None:
    public_id = workshop.issue("1", material="household-register", fields={"resident-name": RARE}, place="")
    try_licence("k", {"licence": public_id})
    assert Trial.objects.get(licence__public_id=public_id).fault == ""
    assert PLACE not in licence(public_id).place


def test_a_licence_counts_from_the_decision_on_not_from_its_seal(workshop: Workshop) -> None:
    public_id = workshop.issue("1")
    seen = licence(public_id)
    assert seen.awaiting_seal
    assert seen.usable_on(timezone.localdate())
    assert public_check(seen.check_code).good
    change_standing(SYSTEM, public_id, Standing.SUSPENDED, reason="x")
    assert not licence(public_id).usable_on(timezone.localdate())


@pytest.mark.parametrize("known", [{"type_code"}, {"org_code"}, {"type_code", "org_code"}])
def test_the_national_identifier_is_given_only_when_both_codes_are_known(
    workshop: Workshop, known: set[str]
) -> None:
    opened = current()
    org = opened.catalogue.orgs[ORG].model_copy(
        update={"code": "11411700MB0123456A" if "org_code" in known else None}
    )
    catalogue = replace(opened.catalogue, orgs={ORG: org})
    template = next(one for one in opened.catalogue.templates.values() if one.type.type_code)
    bare = template.type.model_copy(update={"type_code": None})
    chosen = template if "type_code" in known else template.model_copy(update={"type": bare})
    found = identifier_of(replace(opened, catalogue=catalogue), chosen, issuer=ORG, number="豫-1", version=2)
    assert found == "" if len(known) < 2 else found.startswith(f"1.2.156.3005.2.{template.type.type_code}.")
    assert not found or ".1.002." in found
