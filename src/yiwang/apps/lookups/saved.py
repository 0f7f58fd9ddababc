# SPDX-License-Identifier: Apache-2.0
"""What shared data spared applicants: questions they need not answer, documents they need not bring."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping

from yiwang.kernel.dates import BEIJING

from .models import Lookup


def saved_on(day: dt.date) -> Mapping[tuple[str, str], tuple[int, int]]:
    """(department, resource) → (questions, documents) answered on a day (Beijing time). What one
    application was answered twice counts once."""
    first = dt.datetime.combine(day, dt.time(), BEIJING)
    rows = Lookup.objects.filter(began_at__gte=first, began_at__lt=first + dt.timedelta(days=1)).values_list(
        "consent__org", "consent__resource", "consent__application", "answered"
    )
    found: defaultdict[tuple[str, str], set[tuple[str, str, str]]] = defaultdict(set)
    for org, resource, application, answered in rows:
        found[org, resource].update((application, kind, name) for kind, name in answered)
    return {
        key: (sum(one[1] == "element" for one in told), sum(one[1] == "material" for one in told))
        for key, told in found.items()
    }
