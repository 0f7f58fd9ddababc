# SPDX-License-Identifier: Apache-2.0
"""What a decided case accepted is kept once, answers again for a while, and obeys its holder."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import connection, transaction

from yiwang.apps.journal.public import entries_of
from yiwang.apps.materials import files
from yiwang.apps.materials.models import EMaterial, EMaterialUse, File
from yiwang.apps.materials.public import (
    Accepted,
    EMaterialProvider,
    Origin,
    catalogue_of,
    e_material_of,
    e_materials,
    e_materials_of,
    keep_accepted,
    stands,
    store_file,
    use_e_material,
    withdraw_e_material,
)
from yiwang.engines.definitions import Catalogue
from yiwang.engines.definitions.kinds import Item, Material, Setting
from yiwang.engines.definitions.kinds.reuse import ReuseRule
from yiwang.engines.evidence import Asked, Context, Look, ProviderKind, Question, Resolution, Resolver
from yiwang.kernel.actor import ANONYMOUS, Actor, ActorKind, Post, Role, system
from yiwang.kernel.dates import BEIJING
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

from . import samples

pytestmark = [pytest.mark.storage, pytest.mark.django_db]

NOW = dt.datetime(2026, 3, 2, 9, 30, tzinfo=BEIJING)
DAY = dt.timedelta(days=1)
WANG = Actor(ActorKind.PERSON, "p_wang", "王芳", (), frozenset({"f_shop"}))
LI = Actor(ActorKind.PERSON, "p_li", "李明")
OFFICER = Actor(ActorKind.OFFICER, "o_zhao", "赵审批", (Post(Role.APPROVER, "market"),))
CITE = {"doc": "setting", "at": "本市自行设定"}
KINDS = {"rules": "own", "contract": "own", "form": "form", "id-card": "licence", "notice": "result"}


def city(*, days: int | None = 365, basis: bool = True, since: dt.date | None = None) -> Catalogue:
    """Five documents; `rules` may be used again for so many days."""
    materials = {
        id_: Material.model_validate({"id": id_, "name": id_, "kind": kind, "subject": "firm"})
        for id_, kind in KINDS.items()
    }
    rule: dict[str, Any] = {
        "id": "r",
        "name": "复用",
        "materials": ["rules"],
        "why": "常用",
        "valid_from": since,
    }
    rule["within"] = {"days": days, "unit": "calendar", "cite": CITE}
    setting = {"id": "e-material-basis", "name": "依据", "value": "某方案L733", "why": "法定", "cite": CITE}
    item = {
        **{"id": "open", "name": "开办", "summary": "开办", "kind": "licensing", "org": "market"},
        **{"for_firms": True, "conditions": ["符合"], "basis": [CITE], "steps": [{"kind": "accept"}]},
        "materials": [{"material": m, "cite": CITE} for m in KINDS if m != "notice"],
        "outputs": [{"material": "notice"}],
        "legal_limit": {"days": 5, "cite": CITE},
        "promised_limit": {"days": 5, "cite": CITE},
    }
    return Catalogue.of(
        {
            "materials": materials,
            "items": {"open": Item.model_validate(item)},
            "settings": {"e-material-basis": Setting.model_validate(setting)} if basis else {},
            "reuse": {"r": ReuseRule.model_validate(rule)} if days is not None else {},
        }
    )


def kept(application: str = "a1", *, at: dt.datetime = NOW - 10 * DAY, material: str = "rules") -> str:
    """A document of 王芳's shop that a case accepted; its public id."""
    file = store_file(
        WANG, owner="f_shop", name="制度.pdf", content=samples.pdf(), accepts=["pdf"], max_megabytes=5
    )
    given = Accepted(material, "f_shop", application, "open", "market", (file.public_id,))
    (public_id,) = keep_accepted(OFFICER, [given], city(), at=at)
    return public_id


def ask(
    material: str = "rules", *, known: Catalogue | None = None, subject: str = "f_shop", **more: Any
) -> Resolution:
    """What becomes of one question where kept documents are the only place to look."""
    question = Question(Asked.MATERIAL, material, subject, ("open",), "办理开办", "某法第一条", **more)
    looks: list[Look] = []
    catalogue = known or city()
    provider = EMaterialProvider(lambda: catalogue)
    found = Resolver([provider], looks.append).resolve([question], Context(system("受理"), NOW))
    assert [(look.purpose, look.basis) for look in looks] in ([("办理开办", "某法第一条")], [])
    return found[question.key]


# -- it answers


def test_what_was_accepted_answers_again_with_source_basis_and_term() -> None:
    public_id = kept()
    answer = ask().answer
    assert answer is not None
    assert (answer.kind, answer.evidence, answer.basis) == (
        ProviderKind.E_MATERIAL,
        public_id,
        "某方案L733",
    )
    assert answer.valid_until == (NOW - 10 * DAY).date() + 365 * DAY
    assert "market" in answer.source


def test_the_newest_that_counts_answers() -> None:
    kept("a1", at=NOW - 20 * DAY)
    newer = kept("a2", at=NOW - 2 * DAY)
    gone = kept("a3", at=NOW - DAY)
    withdraw_e_material(WANG, gone, why="outdated")
    answer = ask().answer
    assert answer is not None
    assert answer.evidence == newer


@pytest.mark.parametrize(
    ("known", "why"),
    [
        (city(days=None), "no rule names it"),
        (city(since=NOW.date() + DAY), "the rule is not in force yet"),
    ],
    ids=["no rule", "not yet"],
)
def test_without_a_rule_in_force_nobody_even_looks(known: Catalogue, why: str) -> None:
    kept()
    resolution = ask(known=known)
    assert resolution.asks_applicant, why
    assert resolution.refused == ()


def test_a_shorter_rule_of_today_holds_for_what_was_kept_under_a_longer_one() -> None:
    kept(at=NOW - 10 * DAY)
    assert ask(known=city(days=10)).in_hand
    assert "已过有效期" in ask(known=city(days=9)).refused[0].reason


def test_without_a_basis_nothing_counts() -> None:
    kept()
    assert "没有法律依据" in ask(known=city(basis=False)).refused[0].reason


def test_the_item_decides_whether_this_way_is_allowed() -> None:
    kept()
    ways = frozenset({ProviderKind.E_LICENCE, ProviderKind.APPLICANT})
    assert ask(ways=ways).asks_applicant
    assert ask(anew=frozenset({"rules"})).asks_applicant


def _lose(row: EMaterial) -> None:
    files.place_of(row.files[0]["sha256"]).unlink()


def _spoil(row: EMaterial) -> None:
    files.place_of(row.files[0]["sha256"]).write_bytes(b"%PDF-1.4 other")


def _exchange(row: EMaterial) -> None:
    other = store_file(
        WANG,
        owner="f_shop",
        name="b.png",
        content=samples.picture("png"),
        accepts=["png"],
        max_megabytes=5,
    )
    content = File.objects.get(public_id=other.public_id).content
    File.objects.filter(public_id=row.files[0]["file"]).update(content=content)


def _say_no(row: EMaterial) -> None:
    withdraw_e_material(WANG, row.public_id, why="permission")


def _grow_old(row: EMaterial) -> None:
    EMaterial.objects.filter(pk=row.pk).update(valid_until=NOW.date() - DAY)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (_lose, "无法确认"),
        (_spoil, "无法确认"),
        (_exchange, "无法确认"),
        (_say_no, "撤销"),
        (_grow_old, "已过有效期"),
    ],
)
def test_it_fails_closed_and_says_why(spoil: Any, says: str) -> None:
    public_id = kept()
    spoil(EMaterial.objects.get(public_id=public_id))
    resolution = ask()
    assert resolution.asks_applicant
    assert says in resolution.refused[0].reason
    assert not stands(public_id, on=NOW.date())
    with pytest.raises(Conflict):
        _use(public_id)


def test_nobody_elses_document_answers() -> None:
    kept()
    assert ask(subject="p_li").asks_applicant
    assert ask(subject="p_wang").asks_applicant


def test_a_damaged_newer_one_does_not_hide_an_older_whole_one() -> None:
    older = kept("a1", at=NOW - 20 * DAY)
    newer = kept("a2", at=NOW - 2 * DAY)
    EMaterial.objects.filter(public_id=newer).update(files=[{"file": "file_gone", "sha256": "0" * 64}])
    answer = ask().answer
    assert answer is not None
    assert answer.evidence == older


# -- it is kept


@pytest.mark.parametrize("material", ["form", "id-card"])
def test_a_form_or_a_picture_of_a_licence_is_not_kept(material: str) -> None:
    given = Accepted(material, "f_shop", "a1", "open", "market", ("file_x",))
    assert keep_accepted(OFFICER, [given], city(), at=NOW) == []


def test_what_no_rule_names_is_kept_and_never_answers() -> None:
    public_id = kept(material="contract")
    assert e_materials([public_id])[public_id].valid_until is None
    assert ask("contract").asks_applicant


def test_the_same_document_of_a_case_is_kept_once_and_a_changed_one_again() -> None:
    first = kept("a1")
    row = EMaterial.objects.get(public_id=first)
    again = Accepted("rules", "f_shop", "a1", "other", "market", (row.files[0]["file"],))
    assert keep_accepted(OFFICER, [again], city(), at=NOW) == []
    changed = store_file(
        WANG,
        owner="f_shop",
        name="b.png",
        content=samples.picture("png"),
        accepts=["png"],
        max_megabytes=5,
    )
    other = Accepted("rules", "f_shop", "a1", "open", "market", (changed.public_id,))
    assert len(keep_accepted(OFFICER, [other], city(), at=NOW)) == 1


def test_an_issued_result_is_kept_by_its_number_and_answers_only_on_record() -> None:
    given = Accepted("notice", "f_shop", "a1", "open", "market", result="l_1")
    (public_id,) = keep_accepted(OFFICER, [given, given], city(), at=NOW)
    found = e_materials([public_id])[public_id]
    assert (found.origin, found.result, list(found.files)) == (Origin.RESULT.term, "l_1", [])
    assert ask("notice").asks_applicant
    assert not stands(public_id, on=NOW.date())


@pytest.mark.parametrize("actor", [WANG, LI, ANONYMOUS])
def test_only_those_who_decide_make_one(actor: Actor) -> None:
    with pytest.raises(NotAllowed):
        keep_accepted(actor, [], city(), at=NOW)


def test_the_catalogue_is_derived_with_its_sources_and_terms() -> None:
    listed = {one.material.id: (one.origins, one.days) for one in catalogue_of(city(), NOW.date())}
    assert listed == {
        "rules": ((Origin.APPLICATION,), 365),
        "contract": ((Origin.APPLICATION,), None),
        "form": ((Origin.APPLICATION,), None),
        "notice": ((Origin.RESULT,), None),
    }


# -- its holder


def test_the_holder_sees_what_is_kept_and_who_used_it_and_nobody_else_does() -> None:
    public_id = kept()
    _use(public_id)
    _use(public_id)
    (seen,) = e_materials_of(WANG)
    assert [(use.application, use.purpose) for use in seen.uses] == [("a9", "办理开办")]
    assert e_material_of(WANG, public_id) == seen
    for other in (LI, OFFICER, ANONYMOUS):
        assert e_materials_of(other) == []
        with pytest.raises(NotFound):
            e_material_of(other, public_id)


def test_only_the_holder_withdraws_with_one_of_the_reasons_and_twice_is_once() -> None:
    public_id = kept()
    for other in (LI, OFFICER, ANONYMOUS):
        with pytest.raises(NotFound):
            withdraw_e_material(other, public_id, why="permission")
    with pytest.raises(Invalid):
        withdraw_e_material(WANG, public_id, why="其他")
    withdraw_e_material(WANG, public_id, why="outdated")
    withdraw_e_material(WANG, public_id, why="permission")
    assert e_material_of(WANG, public_id).withdrawn == "内容已经过时"
    assert [e["action"] for e in entries_of(f"e_material:{public_id}")] == ["e_material.withdrawn"]


def test_a_use_says_what_for_and_by_what_right() -> None:
    public_id = kept()
    with pytest.raises(Invalid):
        use_e_material(WANG, public_id, application="a9", purpose=" ", basis="x", at=NOW)
    with pytest.raises(NotFound):
        _use("em_gone")
    _use(public_id)
    (entry,) = [e for e in entries_of("case:a9") if e["action"] == "e_material.used"]
    assert (entry["subject"], entry["purpose"], entry["basis"]) == ("f_shop", "办理开办", "某方案L733")


def _use(public_id: str) -> None:
    use_e_material(WANG, public_id, application="a9", purpose="办理开办", basis="某方案L733", at=NOW)


@pytest.mark.django_db(transaction=True)
def test_withdrawn_and_used_at_once_is_used_before_or_not_at_all() -> None:
    public_id = kept()
    outcome: list[str] = []
    start = threading.Barrier(2)

    def use() -> None:
        start.wait()
        try:
            _use(public_id)
            outcome.append("used")
        except Conflict:
            outcome.append("refused")
        finally:
            connection.close()

    worker = threading.Thread(target=use)
    worker.start()
    start.wait()
    withdraw_e_material(WANG, public_id, why="permission")
    worker.join()
    assert outcome == (["used"] if EMaterialUse.objects.exists() else ["refused"])
    with pytest.raises(Conflict), transaction.atomic():
        _use(public_id)
