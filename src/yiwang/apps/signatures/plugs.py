# SPDX-License-Identifier: Apache-2.0
"""What `wiring` plugs into this room: the signing services, whom to trust, the definitions' figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from yiwang.engines.definitions.kinds import Setting
from yiwang.engines.sealing import TrustStore
from yiwang.kernel.errors import Unavailable

from .domain.services import SigningService


@dataclass
class _Plugs:
    services: dict[str, SigningService] = field(default_factory=dict)
    first: str = ""
    trust: Callable[[], TrustStore] = lambda: TrustStore((), ())
    settings: Callable[[], Mapping[str, Setting]] = dict


_plugs = _Plugs()


def use_services(*services: SigningService) -> None:
    """Who keeps people's keys: new ones the first, each the ones it has."""
    _plugs.services = {one.name: one for one in services}
    _plugs.first = services[0].name


def use_trust(trust: Callable[[], TrustStore]) -> None:
    """Whose certificates count."""
    _plugs.trust = trust


def use_settings(settings: Callable[[], Mapping[str, Setting]]) -> None:
    """Where the levels of logins come from: the settings of the catalogue in force."""
    _plugs.settings = settings


def service(name: str = "") -> SigningService:
    """The service of this name, or the one for new signatures. Raises Unavailable."""
    found = _plugs.services.get(name or _plugs.first)
    if found is None:
        raise Unavailable("电子签名服务没有接通。", mend="请稍后再试，或到窗口签字。")
    return found


def trust() -> TrustStore:
    """Whose certificates count now."""
    return _plugs.trust()


def settings() -> Mapping[str, Setting]:
    """The settings now."""
    return _plugs.settings()
