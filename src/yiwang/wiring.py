# SPDX-License-Identifier: Apache-2.0
"""Which part is plugged in where: one page. Rooms never look for one another.

| what happens | who reacts |
|---|---|
| the evidence resolver needs an answer | `PROVIDERS`, in the fixed order of `engines.evidence` |
| a message leaves the outbox | `OUTBOX`: topic → handler |
| time passes | `TIMERS` |
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.conf import settings

from yiwang.apps.casework import public as casework
from yiwang.apps.catalogue import public as catalogue
from yiwang.apps.journal import public as journal
from yiwang.apps.licences import public as licences
from yiwang.apps.materials import public as materials
from yiwang.apps.notices import public as notices
from yiwang.apps.notices.adapters.demo import DemoTexts
from yiwang.apps.seals import public as seals
from yiwang.apps.seals.adapters.demo_authority import DemoAuthority
from yiwang.apps.seals.adapters.file_keeper import FileKeeper
from yiwang.engines.definitions import Catalogue
from yiwang.engines.evidence import Provider


def providers() -> list[Provider]:
    """Where answers may already be: licences on record, documents that earlier cases accepted."""

    def in_force() -> Catalogue:
        return catalogue.current().catalogue

    return [licences.LicenceProvider(in_force), materials.EMaterialProvider(in_force)]


def outbox() -> Mapping[str, journal.Handler]:
    """Topic → who carries it. The demo twin writes texts into the data directory."""
    return {notices.TOPIC: notices.deliver_text(DemoTexts(settings.DATA_DIR / "texts"))}


def timers() -> list[Callable[[], object]]:
    """What the worker runs again and again, besides the outbox."""
    return [casework.run_timers, journal.seal_batch, materials.remove_orphans, look_after_seals]


def look_after_seals() -> None:
    """Letters to custodians before a seal runs out; keys of ended seals gone for good."""
    seals.look_after(notices.notify)


def plug_in() -> None:
    """Plug everything in; called once when Django is ready."""
    casework.use_providers(providers())
    seals.use_keepers(FileKeeper(settings.DATA_DIR / "keys"))
    seals.use_issuer(DemoAuthority())
    seals.use_settings(lambda: catalogue.current().catalogue.settings)
