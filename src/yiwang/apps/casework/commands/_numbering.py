# SPDX-License-Identifier: Apache-2.0
"""Numbers without gaps or duplicates: a locked counter row, in the transaction that uses the number."""

from __future__ import annotations

from django.db import connection

from ..models import NumberSeries

_NEXT = f"""
    INSERT INTO {NumberSeries._meta.db_table} (key, last) VALUES (%s, 1)
    ON CONFLICT (key) DO UPDATE SET last = {NumberSeries._meta.db_table}.last + 1
    RETURNING last
"""  # noqa: S608 - the table's own name


def take_number(series: str) -> int:
    """The next number of a series, from 1. If the transaction fails the number was never given.

    One statement takes the number and locks its row until the transaction ends.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [series])
        return int(cursor.fetchone()[0])
