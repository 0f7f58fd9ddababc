# SPDX-License-Identifier: Apache-2.0
"""Tables of data security, by concept."""

from __future__ import annotations

from .duties import Administrator, RegisterLine
from .matters import Alert, Incident, IncidentEvent
from .supervision import CaseEvent, LedgerEntry, LedgerHead, SupervisionCase
from .use import CallerDay, GoodCase, RolledDay, SavedDay, UseDay, WatchedSpan, WatchMark

__all__ = [
    "Administrator",
    "Alert",
    "CallerDay",
    "CaseEvent",
    "GoodCase",
    "Incident",
    "IncidentEvent",
    "LedgerEntry",
    "LedgerHead",
    "RegisterLine",
    "RolledDay",
    "SavedDay",
    "SupervisionCase",
    "UseDay",
    "WatchMark",
    "WatchedSpan",
]
