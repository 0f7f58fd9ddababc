# SPDX-License-Identifier: Apache-2.0
"""Two firms, a department with two officers, the policies of the repository, and a treasury."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import time_machine

from support.city import definitions
from support.standing import standing
from yiwang.apps.benefits import public as benefits
from yiwang.apps.benefits.adapters.treasury import DemoTreasury
from yiwang.apps.catalogue.public import draft_release, publish_release, review_release
from yiwang.apps.identity import public as identity
from yiwang.apps.journal.public import deliver_due
from yiwang.engines.definitions import Catalogue
from yiwang.engines.definitions.release import digest_of
from yiwang.kernel.actor import Actor, ActorKind, Post, Role, system
from yiwang.kernel.ids import make_id_number, make_uscc

TODAY = dt.datetime(2026, 5, 20, 2, tzinfo=dt.UTC)
ORG = "industry-it"
HEADING = "统一社会信用代码,名称,省级智能工厂或车间,智能制造认定级别"
CARD = "6228480000000000010"
_SETUP = system("测试准备")


@lru_cache(maxsize=1)
def made() -> Catalogue:
    """The repository's policies, with what they speak of and nothing else: quickly put in force."""
    known = definitions()
    kinds: dict[str, Any] = {name: known.others[name] for name in ("calendars", "policies", "credit")}
    kinds |= {name: getattr(known, name) for name in ("sources", "settings", "orgs", "elements", "places")}
    return Catalogue.of(kinds, digest=digest_of(kinds))


@dataclass
class Town:
    """Who lives here. `firms`: public ids; `codes`: their codes."""

    bosses: list[Actor]
    firms: list[str]
    codes: list[str]
    officer: Actor
    second: Actor
    treasury: DemoTreasury

    def roster(self, *lines: str, heading: str = HEADING, review: bool = True) -> str:
        """A roster handed in, and reviewed by the second officer."""
        made = benefits.hand_in_roster(
            self.officer,
            org=ORG,
            title=f"测试名单{len(lines)}-{hash(lines) % 10_000}",
            valid_from=dt.date(2026, 1, 1),
            valid_to=dt.date(2026, 12, 31),
            data="\n".join([heading, *lines]).encode(),
        )
        if review:
            benefits.review_roster(self.second, made, approve=True)
        return made

    def line(self, which: int, *facts: str) -> str:
        """A line about a firm."""
        return ",".join([self.codes[which], f"测试企业{which}有限公司", *facts])

    def claim(self, which: int = 0) -> benefits.ClaimView:
        """The one claim of a firm."""
        (found,) = benefits.claims_of(self.bosses[which])
        return found

    def confirm(self, which: int = 0, **given: Any) -> None:
        """The firm's representative confirms."""
        account = {
            "holder": f"测试企业{which}有限公司",
            "bank": "中国农业银行驿城支行",
            "account": "41170200000001",
        }
        benefits.confirm(self.bosses[which], self.claim(which).id, **(account | given))

    def deliver(self) -> None:
        """Let the outbox reach the treasury."""
        handlers = {benefits.TOPIC: benefits.pay_through(self.treasury)}
        deliver_due(handlers | {"notice.text": lambda key, payload: None}, give_up_after=dt.timedelta(days=2))


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The time, which stands until a test moves it."""
    with time_machine.travel(TODAY, tick=False) as traveller:
        yield traveller


@pytest.fixture(scope="module")
def standing_town(django_db_setup: None, django_db_blocker: Any) -> Iterator[Town]:
    """The town, made once for a module; it has no treasury that pays."""
    with standing(django_db_blocker):
        with time_machine.travel(TODAY, tick=False):
            made = build(Path())
        yield made


@pytest.fixture
def town(standing_town: Town, db: None, clock: time_machine.Traveller, tmp_path: Path) -> Town:
    """The town, with nothing found yet; what a test writes is undone after it."""
    return replace(standing_town, treasury=DemoTreasury(tmp_path / "treasury"))


def build(folder: Path, *, firms: int = 3) -> Town:
    """The town with so many firms; its treasury pays into a folder."""
    digest = draft_release(_SETUP, made(), summary="测试")
    review_release(system("测试复核"), digest, approve=True)
    publish_release(_SETUP, digest)
    codes = [make_uscc("411702", 30 + number) for number in range(firms)]
    people = [
        identity.register_person(
            _SETUP, name=f"法人{number}", id_number=make_id_number("411702", dt.date(1980, 1, 2), 20 + number)
        )
        for number in range(firms)
    ]
    known = [
        identity.register_firm(
            _SETUP,
            name=f"测试企业{number}有限公司",
            uscc=code,
            kind="公司",
            representative=people[number],
            founded=dt.date(2015, 1, 1),
            address="驿城区",
        )
        for number, code in enumerate(codes)
    ]
    bosses = [
        Actor(ActorKind.PERSON, person, f"法人{number}", (), frozenset({known[number]}))
        for number, person in enumerate(people)
    ]
    officers = [
        Actor(ActorKind.OFFICER, f"of-{number}", f"工作人员{number}", (Post(Role.HANDLER, ORG),))
        for number in (1, 2)
    ]
    return Town(bosses, known, codes, officers[0], officers[1], DemoTreasury(folder / "treasury"))
