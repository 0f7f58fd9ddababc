# SPDX-License-Identifier: Apache-2.0
"""Letters that everybody may read (L787): masked, from the grant to the last day the definition says.

Whether one is shown is worked out for the day it is asked. A letter that was found untrue is no longer shown
here: what was untrue is published as a credit record, by its own rules, and ends with its repair.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.identity.public import subjects

from .domain.showing import masked_words
from .domain.states import LetterState
from .models import Letter

_STANDING = (LetterState.COUNTED.value, LetterState.KEPT.value)
MOST = 200


@dataclass(frozen=True)
class ShownLetter:
    """A letter as everybody may read it."""

    public_id: str
    material_name: str
    items: Sequence[tuple[str, str]]
    committer: str
    number: str
    signed_on: dt.date
    shown_until: dt.date
    state: str
    text: str


def shown_letters(*, item: str = "", on: dt.date | None = None) -> list[ShownLetter]:
    """The letters that are public on a day (today), newest first.

    Args:
        item: only those by which this item was granted.
    """
    day = on or timezone.localdate()
    rows = Letter.objects.filter(state__in=_STANDING, shown_from__lte=day, shown_until__gte=day)
    if item:
        rows = rows.filter(checks__item=item).distinct()
    found = list(rows.order_by("-shown_from", "-id")[:MOST])
    who = subjects({row.subject for row in found})
    known = current().catalogue
    shown = []
    for row in found:
        material, about = known.materials.get(row.material), who[row.subject]
        names = [(one, known.items[one].name) for one in row.items if one in known.items]
        hide = [(about.name, about.masked_name), (about.number, about.masked_number)]
        assert row.shown_until is not None
        shown.append(
            ShownLetter(
                row.public_id, material.name if material else row.material, names, about.masked_name,
                about.masked_number, timezone.localdate(row.signed_at), row.shown_until,
                LetterState(row.state).term, masked_words(row.text, hide),
            )
        )  # fmt: skip
    return shown
