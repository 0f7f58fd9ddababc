# SPDX-License-Identifier: Apache-2.0
"""The sample city's departments get their grants the whole way, once."""

from __future__ import annotations

import pytest
from django.utils import timezone

from support.city import definitions, publish
from yiwang.apps.exchange import public as exchange
from yiwang.apps.exchange.public import RequestState
from yiwang.conf.demo.grants import furnish_grants, wishes
from yiwang.conf.demo.requests import ASKED, furnish_requests
from yiwang.kernel.actor import system


@pytest.mark.django_db
def test_the_departments_of_three_errands_may_look_up_what_answers_their_documents() -> None:
    publish()
    catalogue = definitions()
    wanted = list(wishes(catalogue))
    assert len({wish.item.org for wish in wanted}) > 5
    assert [furnish_grants(catalogue), furnish_grants(catalogue)] == [len(wanted), 0]
    now = timezone.now()
    for wish in wanted:
        grant = exchange.active_grant(resource=wish.resource.id, org=wish.item.org, item=wish.item.id, at=now)
        assert grant is not None
        assert set(grant.fields) == {one.id for one in wish.resource.fields}
    made = exchange.own_requests(system("测试"))
    assert {one.state for one in made} == {RequestState.GRANTED}
    assert [furnish_requests(catalogue), furnish_requests(catalogue)] == [len(ASKED), 0]
    assert len(exchange.to_review(system("测试"))) == 3
    (project,) = exchange.projects(system("测试"))
    assert [one.id for one in project.judged.failed] == ["extends-old", "own-network"]
