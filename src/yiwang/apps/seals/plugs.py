# SPDX-License-Identifier: Apache-2.0
"""What `wiring` plugs into this room: the key store, the certificate authority, the figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from yiwang.engines.definitions.kinds import Setting
from yiwang.kernel.errors import Unavailable

from .domain.figures import LOCK_MINUTES, PASSPHRASE_KINDS, PASSPHRASE_LENGTH, TRIES, Figures
from .domain.keeping import KeyKeeper
from .domain.passphrases import Limits, Rule


@dataclass(frozen=True)
class Wanted:
    """What a certificate shall say. `organization` is "" for a person."""

    public_key: bytes
    common_name: str
    organization: str
    not_before: dt.datetime
    not_after: dt.datetime


class Issuer(Protocol):
    """A certificate authority that answers at once. A real one may not: then its certificate is uploaded."""

    def ready(self) -> bool:
        """Whether it issues here at all."""
        ...

    def issue(self, wanted: Wanted) -> bytes:
        """The certificate (DER). Raises Unavailable when it cannot now."""
        ...

    def revoke(self, serial: str, reason: str) -> bytes | None:
        """The new revocation list (DER); None when the certificate is not this authority's."""
        ...

    def fresh_list(self) -> bytes | None:
        """A new revocation list when the current one runs out soon; None when nothing is to do."""
        ...


@dataclass
class _Plugs:
    keepers: dict[str, KeyKeeper]
    keeper: str
    issuer: Issuer | None
    settings: Callable[[], Mapping[str, Setting]]


_plugs = _Plugs({}, "", None, dict)


def use_keepers(*keepers: KeyKeeper) -> None:
    """Where keys live: new ones in the first keeper; each keeps what it has."""
    _plugs.keepers = {one.name: one for one in keepers}
    _plugs.keeper = keepers[0].name


def use_issuer(issuer: Issuer | None) -> None:
    """Which authority issues certificates at once; None when they are uploaded."""
    _plugs.issuer = issuer


def use_settings(settings: Callable[[], Mapping[str, Setting]]) -> None:
    """Where the figures come from: the settings of the catalogue in force."""
    _plugs.settings = settings


def keeper(name: str = "") -> KeyKeeper:
    """The keeper of this name, or the one for new keys. Raises Unavailable."""
    found = _plugs.keepers.get(name or _plugs.keeper)
    if found is None:
        raise Unavailable("密钥库没有接通。", mend="请联系运维人员。")
    return found


def issuer() -> Issuer | None:
    """The authority that issues at once, or None."""
    found = _plugs.issuer
    return found if found is not None and found.ready() else None


def figures(org: str = "", place: str = "") -> Figures:
    """The figures for a department in a place."""
    return Figures(_plugs.settings(), org, place)


def limits(given: Figures) -> Limits:
    """After how many wrong passphrases a key is locked, and for how long."""
    return Limits(given.of(TRIES), given.of(LOCK_MINUTES))


def passphrase_rule(given: Figures) -> Rule:
    """What a passphrase must be like."""
    return Rule(given.of(PASSPHRASE_LENGTH), given.of(PASSPHRASE_KINDS))
