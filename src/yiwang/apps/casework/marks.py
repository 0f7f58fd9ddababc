# SPDX-License-Identifier: Apache-2.0
"""What people said is wrong in the shared data that an application was filled in from.

While an objection is checked, or was upheld and the source does not say so yet, the value is shown with that
mark, and the applicant may say otherwise, also of who they are. Once the mark goes, the source counts again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils import timezone

from yiwang.apps.lookups.public import Consented, consented
from yiwang.apps.quality.public import Mark, marks_for


@dataclass(frozen=True)
class Marks:
    """`elements`: element → mark, for values; `lookups`: public id of a lookup → mark, for documents
    that fell away by it."""

    elements: Mapping[str, Mark] = field(default_factory=dict)
    lookups: Mapping[str, Mark] = field(default_factory=dict)


def marks_on(application: str) -> Marks:
    """The marks on what shared data answered for an application, as they stand now."""
    answered = [
        one for one in consented(application, now=timezone.now()) if one.answered and one.withdrawn_at is None
    ]
    found = marks_for({(one.resource, one.subject) for one in answered})
    elements: dict[str, Mark] = {}
    looked_up: dict[str, Mark] = {}
    for one in answered:
        on_record = found.get((one.resource, one.subject), {})
        elements |= _on_elements(one, on_record)
        if marks := [on_record[item] for item in ("", *one.fields) if item in on_record]:
            looked_up[one.lookup] = marks[0]
    return Marks(elements, looked_up)


def _on_elements(one: Consented, on_record: Mapping[str, Mark]) -> dict[str, Mark]:
    found = {}
    for element, item in zip(one.elements, one.answered_by, strict=True):
        mark = on_record.get(item) or on_record.get("")
        if mark is not None and ("element", element) in one.answered:
            found[element] = mark
    return found
