# SPDX-License-Identifier: Apache-2.0
"""The sample city's seals: made once, the whole way, and every one verifies."""

from __future__ import annotations

import pytest
from django.test import override_settings
from django.utils import timezone

from support.city import definitions
from yiwang.apps.credit.public import SEAL_PURPOSE as CREDIT_REPORTS
from yiwang.apps.identity import public as identity
from yiwang.apps.journal.public import SEAL_PURPOSE
from yiwang.apps.seals import public as seals
from yiwang.apps.seals.public import SealKind
from yiwang.conf.demo import seals as furnishing
from yiwang.conf.demo.accounts import open_accounts
from yiwang.conf.demo.city import HOME, Cast
from yiwang.conf.demo.seals import PASSPHRASE, UNITS, furnish_seals
from yiwang.conf.settings import ENV
from yiwang.engines import sealing
from yiwang.engines.definitions import words
from yiwang.engines.sealing import sm2, sm3
from yiwang.kernel.actor import Role

HEALTH = "health"


@pytest.fixture
def furnished(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> int:
    """The seals of one department, of the bureau, of the body that leads credit; all are made alike."""
    monkeypatch.setattr(sm2, "PASSPHRASE_ROUNDS", 10)
    monkeypatch.setattr(furnishing, "UNITS", {HEALTH: UNITS[HEALTH]})
    open_accounts(definitions(), cast)
    return furnish_seals(definitions())


@pytest.mark.django_db
def test_the_custodian_seals_a_licence_and_the_system_a_day(furnished: int) -> None:
    assert furnished == 4
    assert furnish_seals(definitions()) == 0
    custodian = identity.officers_of(HEALTH, HOME, Role.CUSTODIAN)[0]
    kinds = {one.kind for one in seals.usable_seals(custodian)}
    assert kinds == {SealKind.LEGAL_NAME, SealKind.BUSINESS}
    (use,) = seals.approved_uses(custodian, material="health-certificate")
    digest = sm3(b"licence")
    with seals.pressing(custodian, use.seal, use=use.public_id, passphrase=PASSPHRASE) as press:
        made = press(digest, "doc", about="l_1", material="health-certificate", case="i_1")
    assert sealing.verify_signature(made, digest=digest, trust=seals.trust(), at=timezone.now()).ok
    with override_settings(ENV={**ENV, "SYSTEM_SEAL_PASSPHRASE": PASSPHRASE}):
        system = seals.system_press(SEAL_PURPOSE)
        assert system is not None
        sealed = system(digest, "journal")
        reports = seals.system_press(CREDIT_REPORTS)
        assert reports is not None
        assert reports.org == words(definitions(), "credit-lead-org"), "whose report it is, whose seal"
    assert sealing.verify_signature(sealed, digest=digest, trust=seals.trust(), at=timezone.now()).ok


def test_every_department_that_issues_for_a_restaurant_has_a_seal() -> None:
    items = definitions().life_events["open-restaurant"].items
    issuing = {
        definitions().items[one.item].org for one in items if definitions().items[one.item].outputs
    } - {"bank"}
    assert issuing <= set(UNITS)
