# SPDX-License-Identifier: Apache-2.0
"""A seal that the system presses on credit reports, and reports drawn with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.test import override_settings

from support.sealed import sealed_thing
from yiwang.apps.credit import public as credit
from yiwang.apps.seals import plugs
from yiwang.apps.seals import public as seals
from yiwang.apps.seals.adapters.demo_authority import DemoAuthority
from yiwang.apps.seals.adapters.file_keeper import FileKeeper
from yiwang.apps.seals.public import Scope
from yiwang.apps.seals.tests import stage as play
from yiwang.apps.seals.tests.stage import Stage
from yiwang.engines.definitions.kinds import Setting
from yiwang.kernel.actor import ANONYMOUS, Actor

OWN, PUBLIC, OFFICER = "credit-report-own", "credit-report-public", "credit-report-officer"


@contextmanager
def bureau(folder: Path, figures: Callable[[], Mapping[str, Setting]]) -> Iterator[None]:
    """While inside, credit reports can be drawn in a town without seals of its own; keys under `folder`."""
    before = plugs._Plugs(**vars(plugs._plugs))
    seals.use_keepers(FileKeeper(folder / "keys"))
    seals.use_issuer(DemoAuthority())
    seals.use_settings(figures)
    try:
        stage = play.set_up()
        _approved(stage, play.seal_in_force(stage))
        with override_settings(ENV=_env()):
            yield
    finally:
        vars(plugs._plugs).update(vars(before))


def _approved(stage: Stage, seal: str) -> None:
    play.approved_use(stage, seal, scope=Scope.SYSTEM, document=credit.SEAL_PURPOSE, limit=50)


def _env() -> dict[str, object]:
    return {**settings.ENV, "SYSTEM_SEAL_PASSPHRASE": play.PASSPHRASE}


@contextmanager
def sealing(stage: Stage, number: int = 90) -> Iterator[None]:
    """While inside, credit reports can be drawn."""
    _approved(stage, sealed_thing(stage, number)["seal"])
    with override_settings(ENV=_env()):
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
