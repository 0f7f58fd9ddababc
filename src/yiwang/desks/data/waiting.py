# SPDX-License-Identifier: Apache-2.0
"""What waits on the data desk for whoever came in: how many, how pressing, where to go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from yiwang.apps.data_security import public as security
from yiwang.apps.exchange import public as exchange
from yiwang.apps.quality import public as quality
from yiwang.engines.process.lights import Light
from yiwang.kernel.actor import Actor


@dataclass(frozen=True)
class Waiting:
    """So many of one thing; `late`: how many of them are past their day."""

    words: str
    count: int
    late: int
    url: str


def waiting_for(actor: Actor) -> list[Waiting]:
    """What the actor has to do, in the order of the work; nothing that is only there to be read."""
    found = [*_sharing(actor), *_quality(actor), *_security(actor)]
    return [one for one in found if one.count]


def _sharing(actor: Actor) -> Iterable[Waiting]:
    orgs = exchange.data_orgs(actor)
    if orgs:
        reviews = exchange.to_review(actor)
        yield Waiting(
            "份数据申请等审核", len(reviews), _late(one.light for one in reviews), reverse("data-reviews")
        )
    if exchange.asks_for(actor):
        back = [one for one in exchange.own_requests(actor) if one.state is exchange.RequestState.RETURNED]
        yield Waiting("份本部门的申请被退回，要修改", len(back), 0, reverse("data-requests"))
    if exchange.is_bureau(actor):
        entries = [one for one in exchange.entries(actor) if one.state.value == "handed_in"]
        yield Waiting("个普查登记等收录", len(entries), 0, reverse("data-census"))
        listed = exchange.need_counts().get(exchange.NeedState.LISTED, 0)
        yield Waiting("条数据需求等转给供给部门", listed, 0, f"{reverse('data-needs')}?state=listed")


def _quality(actor: Actor) -> Iterable[Waiting]:
    if quality.provides_for(actor):
        checks = quality.objections(actor, provider=True, unfinished=True)
        late = _late(one.light for one in checks)
        yield Waiting("件数据异议等核查、答复", len(checks), late, reverse("data-objections"))
        tasks = [one for one in quality.tasks(actor, unfinished=True) if one.may_mend]
        yield Waiting(
            "处数据质量问题等整改", len(tasks), _late(one.light for one in tasks), reverse("data-quality")
        )


def _security(actor: Actor) -> Iterable[Waiting]:
    alerts = [one for one in security.alerts(actor, open_only=True) if one.may_answer]
    yield Waiting("条访问告警等核查", len(alerts), 0, reverse("data-security-alerts"))
    open_ones = [
        one for one in security.incidents(actor) if not one.closed_at and security.manages(actor, one.org)
    ]
    overdue = sum(one.is_overdue for one in open_ones)
    yield Waiting("起隐患或事件没有办结", len(open_ones), overdue, reverse("data-security-incidents"))


def _late(lights: Iterable[Light]) -> int:
    return sum(one is Light.LATE for one in lights)
