# SPDX-License-Identifier: Apache-2.0
"""Which rule lets a document that an earlier case accepted be used again."""

from __future__ import annotations

import datetime as dt

from .catalogue import Catalogue
from .kinds.materials import MaterialKind
from .kinds.reuse import ReuseRule

HANDED_IN = frozenset({MaterialKind.PROOF, MaterialKind.OWN})
"""Kinds of document that applicants hand in and cases accept: neither licences (they are on record) nor
forms (they are made from the answers each time)."""


def reuse_rule(catalogue: Catalogue, material: str, day: dt.date) -> ReuseRule | None:
    """The rule in force on `day` by which documents of this type are used again; the shortest one."""
    known = catalogue.materials.get(material)
    if known is None or known.kind not in HANDED_IN:
        return None
    rules = [rule for rule in catalogue.others.get("reuse", {}).values() if isinstance(rule, ReuseRule)]
    able = [rule for rule in rules if material in rule.materials and rule.valid_on(day)]
    return min(able, key=lambda rule: (rule.within.days, rule.id), default=None)
