# SPDX-License-Identifier: Apache-2.0
"""Read what was published: lists of usable e-licences, lists of certificate-free items."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from yiwang.apps.journal.public import read_rows

from .domain.filings import Kind
from .domain.lists import UsableLicence, WaivedItem, marks
from .models import PublishedList


@dataclass(frozen=True)
class ListView:
    """A batch. `number` and `published_on` are None while it is only merged.

    `licences` of a list of usable e-licences, `items` of a list of certificate-free items.
    """

    public_id: str
    kind: Kind
    number: int | None
    published_on: dt.date | None
    licences: Sequence[UsableLicence]
    items: Sequence[WaivedItem]

    @property
    def title(self) -> str:
        """可用电子证照清单（第1批）."""
        return f"{self.kind.list_term}（{f'第{self.number}批' if self.number else '待发布'}）"


def published_lists(kind: Kind | None = None) -> list[ListView]:
    """Every published batch, the newest first; of one kind or both."""
    rows = PublishedList.objects.exclude(number=None).order_by("-published_on", "-number", "kind")
    return [view(row) for row in (rows.filter(kind=kind.value) if kind else rows)]


def merged_list(kind: Kind) -> ListView | None:
    """The batch that was merged and is not published yet."""
    row = PublishedList.objects.filter(kind=kind.value, number=None).first()
    return view(row) if row else None


def usable() -> set[str]:
    """The licences on any published list of usable e-licences."""
    found = PublishedList.objects.filter(kind=Kind.SURVEY.value).exclude(number=None)
    return {one["material"] for entries in found.values_list("entries", flat=True) for one in entries}


def waived() -> dict[tuple[str, str], int]:
    """The published certificate-free items as guides mark them: (item, material) → number of the batch."""
    found = read_rows(PublishedList, "WHERE kind = %s AND number IS NOT NULL", [Kind.DECLARATION.value])
    return marks((row.number or 0, view(row).items) for row in found)


def view(row: PublishedList) -> ListView:
    """The row as others see it."""
    kind = Kind(row.kind)
    is_survey = kind is Kind.SURVEY
    return ListView(
        row.public_id,
        kind,
        row.number,
        row.published_on,
        [UsableLicence(**one) for one in row.entries] if is_survey else [],
        [] if is_survey else [WaivedItem(**one) for one in row.entries],
    )
