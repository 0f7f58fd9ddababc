# SPDX-License-Identifier: Apache-2.0
"""A seal that the system presses on credit reports, and reports drawn with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.test import override_settings

from support.sealed import sealed_thing
from yiwang.apps.credit import public as credit
from yiwang.apps.seals.public import Scope
from yiwang.apps.seals.tests import stage as play
from yiwang.apps.seals.tests.stage import Stage
from yiwang.kernel.actor import ANONYMOUS, Actor

OWN, PUBLIC, OFFICER = "credit-report-own", "credit-report-public", "credit-report-officer"


@contextmanager
def sealing(stage: Stage, number: int = 90) -> Iterator[None]:
    """While inside, credit reports can be drawn."""
    seal = sealed_thing(stage, number)["seal"]
    play.approved_use(stage, seal, scope=Scope.SYSTEM, document=credit.SEAL_PURPOSE, limit=50)
    env = {**settings.ENV, "SYSTEM_SEAL_PASSPHRASE": play.PASSPHRASE}
    with override_settings(ENV=env):
        yield


def drawn(stage: Stage, firm: str, *, boss: Actor, officer: Actor) -> dict[str, str]:
    """A report of a firm in each version: path parameter → id."""
    with sealing(stage):
        asked = credit.NewReport(firm, OFFICER, "政务服务", "办件一二三四")
        return {
            "credit_report": credit.draw_report(boss, credit.NewReport(firm, OWN)).id,
            "credit_public_report": credit.draw_report(ANONYMOUS, credit.NewReport(firm, PUBLIC)).id,
            "credit_officer_report": credit.draw_report(officer, asked).id,
        }
