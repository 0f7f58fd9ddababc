# SPDX-License-Identifier: Apache-2.0
"""A policy is drafted, tested, reviewed by somebody else and published, and the files are kept in step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from django.utils import timezone

from yiwang.apps.catalogue import public as room
from yiwang.apps.catalogue import queries
from yiwang.apps.journal.public import entries_of
from yiwang.engines.benefits import Policy
from yiwang.engines.definitions import Catalogue
from yiwang.engines.definitions.reading import plain, read
from yiwang.kernel.actor import ANONYMOUS, Actor
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

from .policy_city import (
    ANOTHER,
    AUDITOR,
    OFFICE,
    OTHER,
    OWNER,
    POLICY,
    REVIEWER,
    SECOND,
    STRANGER,
    catalogue,
    policy,
    retyped,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _published() -> Iterator[None]:
    queries._opened.cache_clear()
    publish(catalogue())
    yield
    queries._opened.cache_clear()


def publish(whole: Catalogue, **given: Any) -> str:
    digest = room.draft_release(REVIEWER, whole, summary="从文件", **given)
    room.review_release(ANOTHER, digest, approve=True)
    room.publish_release(REVIEWER, digest)
    return digest


def raised(**more: Any) -> dict[str, Any]:
    """The draft: twice as much, the examples with it."""
    facts = "是否研发中心 = 是\n研发投入 = {}\n级别 = 市级"
    examples = [
        {"says": "正好", "facts": facts.format("100000"), "outcome": "gives", "value": "20000"},
        {"says": "差一元", "facts": facts.format("99999"), "outcome": "gives", "value": "0"},
    ]
    return retyped(**{"rule": "研发投入 * 0.2", "examples": examples, **more})


def saved(typed: dict[str, Any] | None = None, *, by: Actor = OWNER, which: str = POLICY) -> tuple[str, int]:
    """A draft of it; its id and version."""
    draft = room.begin_policy(by, which)
    seen = room.policy_draft(by, draft).view.version
    return draft, room.save_policy(by, draft, typed or raised(), version=seen, summary="提高比例")


def people() -> room.Subjects:
    """Four firms: one gets more, one nothing, two are not known."""
    given = {
        "是否研发中心": [True, False, True, None],
        "研发投入": [Decimal("500000.00"), Decimal("900000.00"), None, Decimal("1.00")],
        "级别": ["市级", "省级", "省级", "市级"],
    }
    types = {"是否研发中心": pa.bool_(), "研发投入": pa.decimal128(16, 2), "级别": pa.string()}
    table = pa.table({"id": ["f1", "f2", "f3", "f4"], **{k: pa.array(v, types[k]) for k, v in given.items()}})
    return room.Subjects(table, "四家企业", "d" * 64, known=True)


def tried(draft: str, version: int) -> str:
    return room.try_policy(OWNER, draft, people(), version=version, on=dt.date(2026, 11, 22))


def agreed(typed: dict[str, Any] | None = None) -> tuple[str, int]:
    draft, version = saved(typed)
    tried(draft, version)
    room.hand_in_policy(OWNER, draft, version=version)
    room.review_policy(REVIEWER, draft, version=version + 1, approve=True)
    return draft, version + 2


def published_rule() -> str:
    found: Policy = room.current().catalogue.others["policies"][POLICY]  # type: ignore[assignment]
    return str(found.money.rule) if found.money else ""


@pytest.mark.storage
def test_a_policy_is_drafted_tested_reviewed_published() -> None:
    before = room.current_digest()
    draft, version = agreed()
    assert published_rule() == "研发投入 * 0.1"
    digest = room.publish_policy(REVIEWER, draft, version=version)
    assert digest == room.current_digest() != before
    assert published_rule() == "研发投入 * 0.2"
    assert room.release(before or "").catalogue.others["policies"][POLICY] == policy()
    shown = room.release_view(digest)
    assert (shown.drafted_by, shown.reviewed_by) == (OWNER.id, REVIEWER.id)
    steps = [one["action"] for one in room.draft_history(OWNER, draft)]
    assert steps == [
        f"policy.{x}" for x in ("begun", "saved", "tested", "handed_in", "reviewed", "published")
    ]
    assert {one["about"] for one in entries_of("releases") if one["action"] == "release.published"} >= {
        digest
    }


def test_what_nobody_touches_comes_back_as_it_was() -> None:
    draft, _ = saved(retyped())
    seen = room.policy_draft(OWNER, draft)
    assert seen.checked.policy == policy()
    assert seen.checked.text == seen.published_text


def test_a_test_says_who_gets_and_what_is_not_known() -> None:
    draft, version = saved()
    trial = tried(draft, version)
    (seen,) = room.trials_of(SECOND, draft)
    assert (seen.id, seen.holds, seen.found["subjects"]) == (trial, True, 4)
    assert seen.found["before"]["fen"] == 5_000_000
    assert seen.found["after"] == {"in_force": True, "fits": 1, "fen": 10_000_000, "unknown": 1}
    assert seen.found["groups"]["more"] == 1
    assert [(one["name"], one["count"]) for one in seen.found["waiting"]] == [("研发投入", 1)]


def test_looking_at_the_sample_is_in_the_journal_for_each_firm() -> None:
    draft, version = saved()
    trial = tried(draft, version)
    _, samples = room.samples_of(AUDITOR, draft, trial)
    assert {(one["group"], one["key"], one["agrees"]) for one in samples} == {
        ("more", "f1", True),
        ("open", "f3", True),
    }
    looks = [one for one in entries_of(f"policy:{draft}") if one["action"] == "policy.sample.look"]
    assert {one["subject"] for one in looks} == {"f1", "f3"}
    with pytest.raises(NotFound):
        room.samples_of(STRANGER, draft, trial)


def test_a_changed_draft_needs_a_new_test() -> None:
    draft, version = saved()
    with pytest.raises(Conflict, match="还没有测试"):
        room.hand_in_policy(OWNER, draft, version=version)
    tried(draft, version)
    version = room.save_policy(OWNER, draft, raised(brings="研发投入的20%"), version=version, summary="改")
    assert [one.holds for one in room.trials_of(OWNER, draft)] == [False]
    with pytest.raises(Conflict, match="又改过"):
        room.hand_in_policy(OWNER, draft, version=version)


@pytest.mark.parametrize(
    ("changes", "field", "told"),
    [
        ({"doc": ""}, "doc", "没有写来源文件"),
        ({"conditions": ["研发投入 >= 100000", "研发投人 > 1"]}, "conditions-1", "没有名为“研发投人”"),
        ({"conditions": ["级别 ="]}, "conditions-0", "没有写完"),
        ({"conditions": ["研发投入"]}, "conditions-0", "得到的是数"),
        ({"rule": "研发投入 * 0.3"}, "examples-0", "算出来不一样"),
        ({"valid_from": "2026-02-30"}, "valid_from", "没有“2026-02-30”这一天"),
        ({"valid_to": "2020-01-01"}, "valid_to", "已经过去"),
        ({"rest": "when: 1 = 1"}, "rest", "有自己的栏目"),
        ({"rest": "没有这个键: 1"}, "rest", "不认识的键"),
        ({"departments": [OFFICE, "no-such-office"]}, "departments", "没有编号为"),
        ({"cap": "研发投入 >= 1"}, "cap", "得到的是"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_and_stays_typed(
    changes: dict[str, Any], field: str, told: str
) -> None:
    draft, version = saved(raised(**changes))
    seen = room.policy_draft(OWNER, draft)
    assert not seen.checked.ready
    assert any(told in one.what for one in seen.checked.about(field)), seen.checked.complaints
    assert {key: seen.typed[key] for key in changes} == changes
    with pytest.raises(Invalid):
        room.hand_in_policy(OWNER, draft, version=version)


def test_of_two_authors_the_second_is_told() -> None:
    draft, version = saved()
    room.save_policy(SECOND, draft, raised(name="研发中心奖补"), version=version)
    with pytest.raises(Conflict, match="另一个人"):
        room.save_policy(OWNER, draft, raised(), version=version)
    assert room.begin_policy(SECOND, POLICY) == draft  # one open draft of a policy


@pytest.mark.parametrize("actor", [STRANGER, ANONYMOUS])
def test_a_draft_is_not_there_for_strangers(actor: Actor) -> None:
    draft, version = saved()
    assert room.policy_drafts(actor) == []
    for call in (
        lambda: room.policy_draft(actor, draft),
        lambda: room.save_policy(actor, draft, raised(), version=version),
        lambda: room.withdraw_policy(actor, draft, version=version),
        lambda: room.review_policy(actor, draft, version=version, approve=True),
        lambda: room.trials_of(actor, draft),
    ):
        with pytest.raises(NotFound, match="没有这份草稿"):
            call()
    with pytest.raises(NotAllowed):
        room.begin_policy(actor, POLICY)


def test_nobody_reviews_what_they_wrote_and_owners_do_not_publish() -> None:
    draft, version = saved(by=REVIEWER)
    tried(draft, version)
    room.hand_in_policy(OWNER, draft, version=version)
    with pytest.raises(NotAllowed, match="写过"):
        room.review_policy(REVIEWER, draft, version=version + 1, approve=True)
    with pytest.raises(NotAllowed, match="目录管理员"):
        room.review_policy(SECOND, draft, version=version + 1, approve=True)
    with pytest.raises(Invalid, match="理由"):
        room.review_policy(ANOTHER, draft, version=version + 1, approve=False)
    room.review_policy(ANOTHER, draft, version=version + 1, approve=False, words="比例请附依据")
    seen = room.policy_draft(OWNER, draft)
    assert (seen.view.state, seen.view.review_words, seen.may_write) == ("writing", "比例请附依据", True)
    with pytest.raises(Conflict):
        room.publish_policy(REVIEWER, draft, version=seen.view.version)


def test_a_department_keeps_itself_among_those_responsible() -> None:
    with pytest.raises(Invalid, match="您所在的单位"):
        saved(raised(departments=[OTHER]))


def test_a_new_policy_brings_its_source() -> None:
    source = dict.fromkeys(("id", "name", "publisher"), "notice-2")
    source |= {"kind": "gazette", "number": "", "published": "2026-11-01"}
    typed = raised(id="lab-award-2", name="新奖励", doc="new", source=source)
    draft, version = saved(typed, which="")
    tried(draft, version)
    assert room.policy_draft(OWNER, draft).published is None
    room.hand_in_policy(OWNER, draft, version=version)
    room.review_policy(REVIEWER, draft, version=version + 1, approve=True)
    room.publish_policy(REVIEWER, draft, version=version + 2)
    now = room.current().catalogue
    assert now.sources["notice-2"].published == dt.date(2026, 11, 1)
    assert now.others["policies"]["lab-award-2"].name == "新奖励"
    (one,) = room.amendments()
    assert sorted(one.files) == ["policies/lab-award-2.yaml", "sources/notice-2.yaml"]
    taken, _ = saved(raised(id=POLICY), which="")
    assert "已经用过" in room.policy_draft(OWNER, taken).checked.about("id")[0].what


def test_a_day_to_publish_on_is_kept_by_the_worker() -> None:
    draft, version = agreed()
    today = timezone.localdate()
    with pytest.raises(Invalid, match="已经过去"):
        room.publish_policy(REVIEWER, draft, version=version, on=today - dt.timedelta(days=1))
    day = today + dt.timedelta(days=9)
    assert room.publish_policy(REVIEWER, draft, version=version, on=day) == ""
    assert room.publish_due(day - dt.timedelta(days=1)) == 0
    assert published_rule() == "研发投入 * 0.1"
    assert room.publish_due(day) == 1
    assert room.publish_due(day) == 0
    assert published_rule() == "研发投入 * 0.2"


def test_a_day_that_cannot_be_kept_waits_for_a_person() -> None:
    draft, version = agreed()
    day = timezone.localdate() + dt.timedelta(days=1)
    room.publish_policy(REVIEWER, draft, version=version, on=day)
    publish(catalogue(policy(brings="另外改过")))
    assert room.publish_due(day) == 0
    seen = room.policy_draft(OWNER, draft)
    assert (seen.view.state, seen.moved) == ("agreed", True)
    assert "又发布过别的内容" in seen.view.held


def amended() -> str:
    draft, version = agreed()
    return room.publish_policy(REVIEWER, draft, version=version)


def test_a_release_from_files_that_are_behind_takes_the_published_policy_along() -> None:
    amended()
    behind = catalogue(policy(), policy(id="other-award"))
    assert [room.step_of(one, behind).value for one in room.amendments()] == ["behind"]
    publish(behind)
    assert published_rule() == "研发投入 * 0.2"
    assert "other-award" in room.current().catalogue.others["policies"]


def test_files_that_were_changed_otherwise_are_refused_until_somebody_decides() -> None:
    amended()
    apart = catalogue(policy(brings="文件里另外改的"))
    with pytest.raises(Invalid, match="研发中心奖励"):
        room.draft_release(REVIEWER, apart, summary="从文件")
    publish(apart, files_win=[POLICY])
    assert published_rule() == "研发投入 * 0.1"
    assert room.amendments() == []


def test_files_brought_in_step_are_the_same_release() -> None:
    digest = amended()
    (one,) = room.amendments()
    node, problems = read(one.files[f"policies/{POLICY}.yaml"].encode(), "x")
    assert node is not None
    assert problems == []
    written = catalogue(Policy.model_validate(plain(node)))
    assert room.step_of(one, written) is room.Step.IN_STEP
    assert written.digest == digest


def test_a_release_reviewed_before_does_not_take_a_policy_back_unsaid() -> None:
    digest = room.draft_release(REVIEWER, catalogue(policy(), policy(id="other-award")), summary="早些时候")
    room.review_release(ANOTHER, digest, approve=True)
    amended()
    with pytest.raises(Conflict, match="研发中心奖励"):
        room.publish_release(REVIEWER, digest)
