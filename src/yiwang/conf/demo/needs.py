# SPDX-License-Identifier: Apache-2.0
"""Needs of the sample city: one of each state, on a published edition of the supply-and-demand list."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from yiwang.apps.exchange import public as exchange
from yiwang.apps.exchange.public import NewNeed, Step
from yiwang.apps.identity import public as identity
from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.exchange import Level, NeedKind
from yiwang.kernel.actor import Actor, Post, Role, system

from .grants import data_officer

_MAKER = system("示例城市")
_OFFICE = "service-bureau"


@dataclass(frozen=True)
class Wanted:
    """A need and how far it is: who supplies (a resource, or a department that has none yet), which steps
    were taken by the supplier (`connect`) and the department in need (the others)."""

    new: NewNeed
    resource: str = ""
    provider: str = ""
    steps: tuple[tuple[Step, str], ...] = ()


WANTED: tuple[Wanted, ...] = (
    Wanted(
        NewNeed("health", NeedKind.VERIFY, "核验父母婚姻登记", "生育登记受理时，双方是否登记结婚、登记日期"),
        resource="marriage-registration",
        steps=((Step.CONNECT, ""), (Step.USE, "")),
    ),
    Wanted(
        NewNeed("housing-fund", NeedKind.QUERY, "查询职工名下住房", "购房提取时，名下住房套数和坐落"),
        resource="family-homes",
        steps=((Step.CONNECT, ""), (Step.USE, ""), (Step.DISPUTE, "县区2015年以前登记的住房查不到")),
    ),
    Wanted(
        NewNeed(
            "development-reform",
            NeedKind.ANALYSE,
            "分析企业用工变化",
            "按行业、县区看参保人数的变化，不要个人信息",
        ),
        resource="social-insurance-firm",
        steps=((Step.CONNECT, ""),),
    ),
    Wanted(
        NewNeed(
            "market-regulation",
            NeedKind.COOPERATE,
            "门店消防检查结果互认",
            "办理食品经营许可时，场所是否通过消防检查",
        ),
        resource="fire-checks",
    ),
    Wanted(
        NewNeed("civil-affairs", NeedKind.VERIFY, "核对低保家庭机动车", "申请低保时，家庭名下机动车数量"),
        provider="public-security",
    ),
    Wanted(
        NewNeed(
            "education",
            NeedKind.VERIFY,
            "核验入学儿童居住情况",
            "小学入学报名时，住址是否在学区内",
            "",
            "",
            Level.COUNTY,
            "xiping",
        )
    ),
    Wanted(
        NewNeed("hrss", NeedKind.VERIFY, "核验退休人员是否健在", "每月发放待遇前，是否已经去世"),
        resource="death-registration",
        steps=((Step.CONNECT, ""), (Step.USE, ""), (Step.CLOSE, "已改为直接调用授权，需求已满足")),
    ),
)


@transaction.atomic
def furnish_needs(catalogue: Catalogue) -> int:
    """List the needs and publish an edition, unless there are needs already; returns how many were listed."""
    if exchange.needs(limit=1):
        return 0
    bureau = bureau_officer()
    for wanted in WANTED:
        _play(catalogue, wanted, bureau)
    exchange.publish_needs(bureau)
    return len(WANTED)


def _play(catalogue: Catalogue, wanted: Wanted, bureau: Actor) -> None:
    user = data_officer(catalogue, wanted.new.org)
    need, version = exchange.list_need(user, wanted.new), 1
    if not (wanted.resource or wanted.provider):
        return
    exchange.match_need(
        bureau, need, version=version, resource=wanted.resource, provider=wanted.provider, words=""
    )
    for step, words in wanted.steps:
        version += 1
        seen = exchange.need(need)
        assert seen is not None
        actor = data_officer(catalogue, seen.provider) if step is Step.CONNECT else user
        exchange.take_step(actor, need, step, version=version, words=words)


def bureau_officer() -> Actor:
    """An officer of the data bureau, appointed here where there is none."""
    known = identity.officers_of(_OFFICE, None, Role.DATA)
    if found := [one for one in known if exchange.is_bureau(one)]:
        return found[0]
    identity.appoint_officer(_MAKER, name="数据管理局数据管理员", org=_OFFICE, posts=(Post(Role.DATA),))
    return bureau_officer()
