# SPDX-License-Identifier: Apache-2.0
"""Numbers without gaps or duplicates: a locked counter row, in the transaction that uses the number."""

from __future__ import annotations

from ..models import NumberSeries


def take_number(series: str) -> int:
    """The next number of a series, from 1. If the transaction fails the number was never given."""
    row = NumberSeries.objects.select_for_update().filter(key=series).first()
    if row is None:
        NumberSeries.objects.bulk_create([NumberSeries(key=series)], ignore_conflicts=True)
        row = NumberSeries.objects.select_for_update().get(key=series)
    row.last += 1
    row.save(update_fields=["last"])
    return row.last
