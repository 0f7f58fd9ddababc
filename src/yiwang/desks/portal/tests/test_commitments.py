# SPDX-License-Identifier: Apache-2.0
"""The applicant sees what they committed to, and may withdraw it with a reason before the decision."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from support.around_commitments import handed_in
from support.city import City

At = Callable[[str], Client]
PROOF = "drainage-works-report"


@pytest.fixture
def sent(city: City) -> str:
    """An application that was handed in with commitments."""
    return handed_in(city)


def test_a_commitment_is_withdrawn_with_a_reason_and_the_paper_asked_for(at: At, sent: str) -> None:
    owner, progress = at("owner"), f"/applications/{sent}/progress"
    assert "已承诺，视为已提供证明" in owner.get(progress).content.decode()
    page = f"/applications/{sent}/commitments"
    assert PROOF in owner.get(page).content.decode()
    silent = owner.post(page, {"material": PROOF, "reason": ""})
    assert (silent.status_code, 'id="id_reason_error"' in silent.content.decode()) == (400, True)
    which = owner.post(page, {"reason": "报告已经出来了"}).content.decode()
    assert ["请选择撤回哪一份" in which, "报告已经出来了" in which] == [True, True], "nothing typed is lost"
    done = owner.post(page, {"material": PROOF, "reason": "报告已经出来了"})
    assert done["Location"] == f"/applications/{sent}/later"
    assert "撤回了承诺" in owner.get(progress).content.decode()
    assert owner.get(done["Location"]).status_code == 200
    assert at("other").get(page).status_code == 404
