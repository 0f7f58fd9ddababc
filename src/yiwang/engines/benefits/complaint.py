# SPDX-License-Identifier: Apache-2.0
"""What is wrong in a policy that somebody types, beside the field it is about."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Complaint:
    """Something to mend, beside the field it is about (`conditions-1`: the second condition)."""

    field: str
    what: str
    mend: str = ""
