# SPDX-License-Identifier: Apache-2.0
"""Which department an officer is of, whatever posts they have."""

from __future__ import annotations

from collections.abc import Collection

from .models import Officer


def departments_of(officers: Collection[str]) -> dict[str, str]:
    """The department of each of these officers, by public id; who is no officer is left out."""
    return dict(Officer.objects.filter(public_id__in=officers).values_list("public_id", "org"))


def officers_in(org: str) -> set[str]:
    """The public ids of everybody of a department, also of those without a post today."""
    return set(Officer.objects.filter(org=org).values_list("public_id", flat=True))
