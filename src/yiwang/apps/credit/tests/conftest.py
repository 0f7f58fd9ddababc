# SPDX-License-Identifier: Apache-2.0
"""Two firms with their bosses, officers of three units, the credit catalogue of the repository."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from support.city import definitions
from support.standing import standing
from yiwang.apps.catalogue.public import draft_release, publish_release, review_release
from yiwang.apps.credit import public as credit
from yiwang.apps.identity import public as identity
from yiwang.engines.definitions import Catalogue
from yiwang.engines.definitions.release import digest_of
from yiwang.kernel.actor import Actor, ActorKind, Post, Role, system
from yiwang.kernel.ids import make_id_number, make_uscc

TODAY = dt.datetime(2026, 12, 28, 2, tzinfo=dt.UTC)
UNIT, OTHER, LEAD = "market-regulation", "housing", "development-reform"
_SETUP = system("测试准备")


@lru_cache(maxsize=1)
def made() -> Catalogue:
    """The credit definitions of the repository, with what they stand on and nothing else."""
    known = definitions()
    kinds: dict[str, Any] = {name: known.others[name] for name in ("calendars", "credit")}
    kinds |= {name: getattr(known, name) for name in ("sources", "settings", "orgs", "places")}
    return Catalogue.of(kinds, digest=digest_of(kinds))


def officer(name: str, org: str, role: Role = Role.HANDLER) -> Actor:
    """An officer of a unit."""
    return Actor(ActorKind.OFFICER, f"of-{name}", f"工作人员{name}", (Post(role, org),))


@dataclass
class Town:
    """Who is here. `firms`: public ids; `codes`: their codes; `bosses`: who represents them."""

    bosses: list[Actor]
    firms: list[str]
    codes: list[str]
    officer: Actor
    second: Actor
    other: Actor
    lead: Actor

    @property
    def today(self) -> dt.date:
        """The day of the clock."""
        return timezone.localdate()

    def penalty(self, which: int = 0, **changed: Any) -> credit.NewRecord:
        """A grave penalty of a firm, decided yesterday."""
        day = self.today - dt.timedelta(days=1)
        given: dict[str, Any] = {
            "catalogue": "credit-penalty",
            "subject": self.firms[which],
            "title": "虚假宣传行政处罚",
            "basis": "反不正当竞争法第二十条",
            "happened_on": day - dt.timedelta(days=30),
            "decided_on": day,
            "org": UNIT,
            "reference": "驻市监处罚〔2026〕1号",
            "severity": credit.Severity.GRAVE,
            "fields": {
                "违法事实": "虚假宣传", "处罚依据": "反不正当竞争法第二十条", "处罚种类": "罚款",
                "处罚内容": "罚款二十万元",
            },
        }  # fmt: skip
        return credit.NewRecord(**(given | changed))

    def kinds(self, which: int = 0, *, on: dt.date | None = None) -> list[str]:
        """The kinds of effect a firm's records have."""
        return [one.kind.value for one in credit.effects(self.firms[which], on=on or self.today)]


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The time, which stands until a test moves it."""
    with time_machine.travel(TODAY, tick=False) as traveller:
        yield traveller


@pytest.fixture(scope="module")
def standing_town(django_db_setup: None, django_db_blocker: Any) -> Iterator[Town]:
    """The town, made once for a module."""
    with standing(django_db_blocker):
        with time_machine.travel(TODAY, tick=False):
            made = furnished()
        yield made


@pytest.fixture
def town(standing_town: Town, db: None, clock: time_machine.Traveller) -> Town:
    """The town, with nothing recorded yet; what a test writes is undone after it."""
    return standing_town


def furnished() -> Town:
    """Make the town in the present database."""
    digest = draft_release(_SETUP, made(), summary="测试")
    review_release(system("测试复核"), digest, approve=True)
    publish_release(_SETUP, digest)
    codes = [make_uscc("411702", 30 + number) for number in range(2)]
    people = [
        identity.register_person(
            _SETUP, name=f"法人{number}", id_number=make_id_number("411702", dt.date(1980, 1, 2), 20 + number)
        )
        for number in range(2)
    ]
    firms = [
        identity.register_firm(
            _SETUP,
            name=f"测试企业{number}有限公司",
            uscc=code,
            kind="公司",
            representative=people[number],
            founded=dt.date(2015, 1, 1),
            address="驿城区",
            place="yicheng",
        )
        for number, code in enumerate(codes)
    ]
    bosses = [
        Actor(ActorKind.PERSON, person, f"法人{number}", (), frozenset({firms[number]}))
        for number, person in enumerate(people)
    ]
    return Town(
        bosses, firms, codes, officer("1", UNIT), officer("2", UNIT), officer("3", OTHER), officer("4", LEAD)
    )
