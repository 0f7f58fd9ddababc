# SPDX-License-Identifier: Apache-2.0
"""Calls for a case are held against whom the case is about: applicant, representative, who is named in its
form; and the worker's timer finds a stranger among them."""

from __future__ import annotations

import pytest
from django.utils import timezone

from support import city as town
from yiwang import wiring
from yiwang.apps.casework import public as casework
from yiwang.apps.data_security import public as data_security
from yiwang.apps.gateway import public as gateway
from yiwang.apps.gateway.models.calls import Call
from yiwang.apps.identity.public import subject
from yiwang.kernel.ids import new_public_id

pytestmark = pytest.mark.django_db


def called(city: town.City, case: str, about: str) -> None:
    """An officer's call for a case about somebody, as the gateway writes it."""
    told = {
        "receipt": new_public_id("call"),
        "grant": "g_1",
        "resource": "household",
        "stream": "t",
        "seq": 1,
    }
    who = {"caller_kind": "officer", "caller": city["handler"].id, "caller_name": "经办人"}
    row = Call(
        at=timezone.now(),
        org=town.OFFICE,
        case=case,
        subject=about,
        rows=1,
        outcome="answered",
        **told,
        **who,
    )
    row.save()


def test_only_strangers_to_the_case_are_told() -> None:
    city = town.build()
    application = town.submitted(city, "agent", subject=city.firm)
    case = town.item_of(city, application)
    known = casework.concerned([application, case, "nothing"])
    assert set(known) == {application, case}
    firm, chief = subject(city.firm), subject(city["representative of the firm"].id)
    assert {firm.number, chief.number, subject(city["agent"].id).number} <= known[case].numbers
    called(city, case, gateway.subject_index(firm.number))
    called(city, case, chief.public_id)
    called(city, application, city["agent"].id)
    assert wiring.watch_calls() == 0
    called(city, case, city["other"].id)
    assert wiring.watch_calls() == 1
    (alert,) = data_security.alerts(city["security"])
    assert (alert.case, alert.caller) == (case, city["handler"].id)
