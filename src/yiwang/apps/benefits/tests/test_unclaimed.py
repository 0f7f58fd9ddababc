# SPDX-License-Identifier: Apache-2.0
"""Should have but has not: one letter for what one would have to apply for, never twice, and not to those who
have applied, or do not want it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine

from yiwang.apps.benefits import applications
from yiwang.apps.benefits import public as benefits
from yiwang.apps.benefits.models import Run, Unclaimed
from yiwang.apps.benefits.tests.conftest import ORG, TODAY, Town, made
from yiwang.apps.catalogue.public import draft_release, publish_release, review_release
from yiwang.apps.identity.public import subject
from yiwang.apps.journal.public import entries_of, verify
from yiwang.apps.notices.public import box
from yiwang.engines.benefits import Policy
from yiwang.engines.definitions import Catalogue
from yiwang.engines.definitions.release import digest_of
from yiwang.kernel.actor import Actor, ActorKind, Post, Role, system
from yiwang.kernel.errors import NotAllowed

DAY = TODAY.date()
CITE = {"doc": "setting", "at": "本市自行设定", "quote": "测试"}
HEADING = (
    "统一社会信用代码,名称,企业规模,是否上云企业,"
    "技改项目是否符合规划并已达产验收,技改项目总投资额,技改设备研发软硬件实际投入"
)
BOTH, CLOUD, LARGE, HALF = (
    ("小型", "是", "是", "120000000", "50000000"),
    ("微型", "是", "否", "", ""),
    ("大型", "是", "否", "", ""),
    ("小型", "", "是", "120000000", ""),
)


@dataclass
class Elsewhere:
    """What the room of cases would know."""

    rows: list[Any] = field(default_factory=list)

    def __call__(self, subjects: Collection[str], items: Collection[str]) -> list[Any]:
        """The applications of these."""
        return [row for row in self.rows if row.subject in subjects and row.item in items]

    def add(self, subject: str, *words: str, on: dt.date = DAY, is_open: bool = False) -> None:
        """Somebody has applied."""
        row = SimpleNamespace(subject=subject, item="policy-fund-claim", words=words, on=on, is_open=is_open)
        self.rows.append(row)


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Elsewhere:
    """Nobody has applied for anything yet."""
    found = Elsewhere()
    monkeypatch.setattr(applications, "_source", [found])
    return found


def lists(town: Town, *lines: tuple[str, ...]) -> None:
    """A reviewed list of the firms, one line each."""
    town.roster(*(town.line(n, *facts) for n, facts in enumerate(lines)), heading=HEADING)


def letters(town: Town, which: int = 0) -> list[Any]:
    return [one for one in box([town.firms[which]]) if "可以申报" in one.title]


def policies(town: Town, which: int = 0) -> list[str]:
    return [one.policy for one in benefits.unclaimed(town.bosses[which])]


@pytest.mark.storage
def test_several_policies_come_in_one_letter_and_never_again(
    town: Town, elsewhere: Elsewhere, clock: time_machine.Traveller
) -> None:
    lists(town, BOTH, LARGE, HALF)
    assert [benefits.remind_unclaimed(DAY), benefits.remind_unclaimed(DAY)] == [1, 0]
    (letter,) = letters(town)
    assert letter.title == "有2项政策您可以申报"
    for words in (
        "企业上云奖励：一次性最多￥10,000.00",
        "工业技术改造分档奖励：一次性最多￥2,500,000.00",
        "市工业和信息化局《测试名单3",
        "里的“企业规模”、“是否上云企业”",
        "怎么申报：找",
        "不再写信",
    ):
        assert words in letter.body
    assert "小型" not in letter.body, "what is known of the firm is behind the log-in"
    found = benefits.unclaimed(town.bosses[0])
    assert [(one.policy, one.told_at is not None) for one in found] == [
        ("technical-upgrade-reward", True),
        ("cloud-firm-reward", True),
    ]
    assert ("企业规模", "小型") in found[1].reasons
    assert letters(town, 1) == letters(town, 2) == [], "does not fit; not all that is needed is known"
    Run.objects.all().delete()
    for days in (0, 1, 40):
        clock.move_to(TODAY + dt.timedelta(days=days))
        assert benefits.remind_unclaimed() == 0
    told = [
        one for one in entries_of(f"subject:{town.firms[0]}") if one["action"] == "benefit.unclaimed.told"
    ]
    assert len(told) == 1
    assert list(verify()) == []


def test_what_is_new_waits_until_the_last_letter_is_old_enough(
    town: Town, elsewhere: Elsewhere, clock: time_machine.Traveller
) -> None:
    lists(town, CLOUD)
    assert benefits.remind_unclaimed(DAY) == 1
    other = HEADING.replace("企业规模,是否上云企业,", "")
    town.roster(town.line(0, "是", "40000000", "1000000"), heading=other)
    # the first list says that no upgrade was accepted: two lists differ, and nobody knows
    assert benefits.remind_unclaimed(DAY) == 0
    assert policies(town) == ["cloud-firm-reward"]
    lists(town, ("微型", "是", "", "", ""))
    town.roster(town.line(0, "10"), heading="统一社会信用代码,名称,云服务合同额")
    town.roster(town.line(0, "是"), heading="统一社会信用代码,名称,是否云平台服务商")
    assert benefits.remind_unclaimed(DAY) == 0, "it is found, and told with the next letter"
    assert [(one.policy, one.told_at is None) for one in benefits.unclaimed(town.bosses[0])] == [
        ("cloud-firm-reward", False),
        ("cloud-provider-reward", True),
    ]
    clock.shift(dt.timedelta(days=15))
    assert benefits.remind_unclaimed() == 1
    assert [one.title for one in letters(town)] == ["有一项政策您可以申报"] * 2


def test_who_wants_no_letters_gets_none_and_still_sees_it(
    town: Town, elsewhere: Elsewhere, clock: time_machine.Traveller
) -> None:
    boss, firm = town.bosses[0], town.firms[0]
    benefits.choose_letters(boss, firm, wanted=False)
    with pytest.raises(NotAllowed):
        benefits.choose_letters(town.bosses[1], firm, wanted=True)
    assert [(one.name, one.wanted) for one in benefits.letters(boss)] == [
        ("法人0", True),
        ("测试企业0有限公司", False),
    ]
    lists(town, CLOUD)
    assert benefits.remind_unclaimed(DAY) == 0
    assert policies(town) == ["cloud-firm-reward"]
    assert policies(town, 1) == []
    benefits.choose_letters(boss, firm, wanted=True)
    clock.shift(dt.timedelta(days=1))
    assert benefits.remind_unclaimed() == 1


def test_nobody_is_told_of_what_they_applied_for(
    town: Town, elsewhere: Elsewhere, clock: time_machine.Traveller
) -> None:
    office = [
        Actor(ActorKind.OFFICER, f"of-d{n}", "发改", (Post(Role.HANDLER, "development-reform"),))
        for n in (1, 2)
    ]
    heading = "统一社会信用代码,名称,充电设施所在领域,充电主要设备投资额"
    lines = [town.line(n, "公交环卫物流通勤专用", "1000000") for n in range(3)]
    handed = benefits.hand_in_roster(
        office[0], org="development-reform", title="充电设施名单",
        valid_from=DAY, valid_to=dt.date(2027, 12, 31),
        data="\n".join([heading, *lines]).encode(),
    )  # fmt: skip
    benefits.review_roster(office[1], handed, approve=True)
    name = "充电设施建设奖补（公共服务专用和高速、国省道）"
    elsewhere.add(town.firms[0], name, on=dt.date(2024, 1, 2))  # once for all: decided years ago
    elsewhere.add(town.firms[1], "物流“豫军”企业奖励", is_open=True)
    assert benefits.remind_unclaimed(DAY) == 2
    assert letters(town) == []
    assert "网上申报" in letters(town, 1)[0].body
    elsewhere.add(town.firms[1], name, is_open=True)
    assert policies(town, 1) == [], "its page knows at once"
    assert benefits.already_applied(town.bosses[1], town.firms[1]) == {"charging-construction-dedicated"}
    assert benefits.already_applied(town.bosses[1], town.firms[2]) == set()
    clock.shift(dt.timedelta(days=1))
    benefits.remind_unclaimed()
    assert Unclaimed.objects.get(subject=town.firms[1]).ended_at is not None
    elsewhere.rows.pop()  # taken back: it fits again, but the letter was written
    clock.shift(dt.timedelta(days=30))
    assert benefits.remind_unclaimed() == 0
    assert policies(town, 1) == ["charging-construction-dedicated"]
    assert len(letters(town, 1)) == 1


def test_what_fits_no_more_leaves_the_page_without_a_letter(town: Town, elsewhere: Elsewhere) -> None:
    lists(town, CLOUD)
    assert benefits.remind_unclaimed(DAY) == 1
    town.roster(town.line(0, "大型"), heading="统一社会信用代码,名称,企业规模")
    assert benefits.remind_unclaimed(DAY) == 0
    assert policies(town) == []
    lists(town, CLOUD, CLOUD)
    assert benefits.remind_unclaimed(DAY) == 1
    assert policies(town, 1) == ["cloud-firm-reward"]
    assert benefits.remind_unclaimed(dt.date(2027, 1, 1)) == 0, "no list holds any more"
    assert policies(town, 1) == []
    assert len(letters(town)) == 1


def test_people_are_told_like_firms_of_what_is_for_people(town: Town, elsewhere: Elsewhere) -> None:
    known = made()
    kinds: dict[str, Any] = {name: dict(rows) for name, rows in known.others.items()}
    kinds |= {name: getattr(known, name) for name in ("sources", "settings", "orgs", "elements", "places")}
    given = {
        **{"id": "starting-out", "name": "自主创业补贴", "to": "person", "views": ["惠民"], "field": "就业"},
        **{"support": "资金奖补", "departments": [ORG], "brings": "每年五百元", "cite": CITE},
        **{"when": "是否就业困难人员", "money": {"rule": "500", "per": "year"}},
        "examples": [{"says": "是", "facts": {"是否就业困难人员": True}, "gives": 500}],
    }
    kinds["policies"] = {"starting-out": Policy.model_validate(given)}
    digest = draft_release(system("测试准备"), Catalogue.of(kinds, digest=digest_of(kinds)), summary="测试")
    review_release(system("测试复核"), digest, approve=True)
    publish_release(system("测试准备"), digest)
    boss = town.bosses[0]
    number = subject(boss.id).number
    town.roster(f"{number},法人0,是", heading="公民身份号码,名称,是否就业困难人员")
    town.roster(f"{town.codes[0]},测试企业0有限公司,是", heading="统一社会信用代码,名称,是否就业困难人员")
    assert benefits.remind_unclaimed(DAY) == 1
    (one,) = benefits.unclaimed(boss)
    assert (one.subject, one.money) == (boss.id, "每年￥500.00")
    (letter,) = box([boss.id])
    assert number not in letter.body
    assert letters(town) == [], "what is for people is not for their firms"
