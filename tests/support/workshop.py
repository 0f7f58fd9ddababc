# SPDX-License-Identifier: Apache-2.0
"""A department that seals: its people, a seal in force, an approval for one licence type, a holder."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.utils import timezone

from support.city import publish
from yiwang.apps.identity import public as identity
from yiwang.apps.licences.public import NewLicence, issue
from yiwang.apps.seals import public as seals
from yiwang.apps.seals.adapters.demo_authority import DemoAuthority
from yiwang.apps.seals.adapters.file_keeper import FileKeeper
from yiwang.apps.seals.public import NewUse, Scope
from yiwang.apps.seals.tests.stage import (
    ORG,
    PASSPHRASE,
    PLACE,
    Stage,
    seal_in_force,
    set_up,
    settings_of_city,
)
from yiwang.engines.sealing import sm2
from yiwang.kernel.actor import Actor, system
from yiwang.kernel.ids import make_id_number

__all__ = ["ORG", "PASSPHRASE", "PLACE", "Workshop", "open_workshop"]

TYPE = "health-certificate"
SYSTEM = system("测试")
RARE = "买买提·𠮷䶮𬭚"
"""A name with a dot and characters beyond the basic plane."""


@dataclass(frozen=True)
class Workshop:
    """What a test of sealing begins with."""

    stage: Stage
    seal: str
    use: str
    holder: str

    @property
    def custodian(self) -> Actor:
        """Who keeps the seal."""
        return self.stage.custodian

    def issue(self, number: str, *, name: str = RARE, case: str = "c_1", **changed: object) -> str:
        """A decided licence that awaits its seal."""
        given: dict[str, object] = {
            "material": TYPE,
            "number": number,
            "holder": self.holder,
            "issuer": ORG,
            "valid_from": timezone.localdate(),
            "valid_until": timezone.localdate() + dt.timedelta(days=365),
            "fields": {"resident-name": name},
            "case": f"{case}-{number}",
            "place": PLACE,
        }
        return issue(SYSTEM, NewLicence(**{**given, **changed}))  # type: ignore[arg-type]


@contextmanager
def open_workshop(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workshop]:
    """Keys and files under a folder of the test's own; passphrases that are not stretched for long."""
    from yiwang.apps.seals import plugs

    monkeypatch.setattr(sm2, "PASSPHRASE_ROUNDS", 10)
    before = plugs._Plugs(**vars(plugs._plugs))
    seals.use_keepers(FileKeeper(folder / "keys"))
    seals.use_issuer(DemoAuthority())
    seals.use_settings(settings_of_city)
    try:
        yield _furnished()
    finally:
        vars(plugs._plugs).update(vars(before))


def _furnished() -> Workshop:
    publish()
    stage = set_up()
    seal = seal_in_force(stage)
    asked = seals.request_use(stage.custodian, seal, _standing())
    seals.approve_use(stage.approver, asked)
    number = make_id_number("411702", dt.date(1990, 1, 1), 11)
    holder = identity.register_person(SYSTEM, name=RARE, id_number=number)
    return Workshop(stage, seal, asked, holder)


def _standing() -> NewUse:
    until = timezone.localdate() + dt.timedelta(days=30)
    return NewUse(scope=Scope.DECIDED, purpose="核发健康证明", until=until, material=TYPE, limit=50)
