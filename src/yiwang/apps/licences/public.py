# SPDX-License-Identifier: Apache-2.0
"""The door of licences: a decided case `issue`s; `held_by` says what somebody holds;
`LicenceProvider` answers questions from it."""

from __future__ import annotations

from .commands import NewLicence, change_standing, issue, load_stock
from .domain.states import Standing
from .provider import LicenceProvider
from .queries import LicenceView, held_by, licence, licences

__all__ = [
    "LicenceProvider",
    "LicenceView",
    "NewLicence",
    "Standing",
    "change_standing",
    "held_by",
    "issue",
    "licence",
    "licences",
    "load_stock",
]
