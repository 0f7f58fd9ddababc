# SPDX-License-Identifier: Apache-2.0
"""The door of licences.

1. A decided case `issue`s; the licence awaits its seal. `change_standing` suspends, restores,
   revokes; `withdraw_event` takes a wrong record back.
2. `held_by` says what somebody holds, `history` and `as_known_on` how it came to stand as it does.
3. `LicenceProvider` answers questions from it.
"""

from __future__ import annotations

from .commands.issuing import NewLicence, issue, load_stock
from .commands.standing import change_standing, withdraw_event
from .domain.history import Event, EventKind, Known
from .domain.states import Standing
from .history import as_known_on, history
from .provider import LicenceProvider
from .queries import LicenceView, held_by, licence, licences

__all__ = [
    "Event",
    "EventKind",
    "Known",
    "LicenceProvider",
    "LicenceView",
    "NewLicence",
    "Standing",
    "as_known_on",
    "change_standing",
    "held_by",
    "history",
    "issue",
    "licence",
    "licences",
    "load_stock",
    "withdraw_event",
]
