# SPDX-License-Identifier: Apache-2.0
"""The sealed files of a result."""

from __future__ import annotations

from yiwang.apps.licences import public as licences

FORMS = ("json", "ofd", "pdf")


def sealed_files(public_id: str) -> list[tuple[str, bytes]]:
    """Each form of a sealed licence or result, with its bytes. Raises what `licences.file_of` raises."""
    return [(form, licences.file_of(public_id, form)) for form in FORMS]
