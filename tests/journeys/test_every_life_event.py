# SPDX-License-Identifier: Apache-2.0
"""Each life event that the city publishes can be done from the first question to the last result.

Answers, form, documents and results are made from the definitions: a life event that asks for
something nobody can give, or waits for itself, does not pass.
"""

from __future__ import annotations

import pytest

from support.city import definitions
from support.errands import Applicant, apply, eligible_answers, grant_all
from yiwang.apps.casework import public as cw

pytestmark = pytest.mark.django_db
EVENTS = sorted(definitions().life_events)


def for_existing_firms(event: str) -> bool:
    """Whether it is for firms only, and not the errand that founds them."""
    known = definitions()
    definition = known.life_events[event]
    issued = {output.material for one in definition.items for output in known.items[one.item].outputs}
    return not definition.for_persons and "business-licence" not in issued


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("event", EVENTS)
def test_it_can_be_done(event: str, seed: int, resident: Applicant, firm: Applicant) -> None:
    applicant = firm if for_existing_firms(event) else resident
    answers = eligible_answers(event, seed)

    application = apply(applicant, event, answers)
    before = cw.application_view(applicant.actor, application)
    assert before.row.number
    assert before.items

    after = grant_all(applicant, application)

    assert {item.state for item in after.items} == {"archived"}
    assert all(item.granted and item.results for item in after.items)
    assert after.row.stage == "finished"
    assert after.delivered_at is not None
