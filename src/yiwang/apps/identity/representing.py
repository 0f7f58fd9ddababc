# SPDX-License-Identifier: Apache-2.0
"""Who represents firms by law (法定代表人)."""

from __future__ import annotations

from collections.abc import Collection

from .models import Firm


def representatives_of(firms: Collection[str]) -> dict[str, tuple[str, str]]:
    """Public id of a firm → public id and identity number of its legal representative."""
    found = Firm.objects.filter(public_id__in=firms).select_related("legal_representative")
    return {
        one.public_id: (one.legal_representative.public_id, one.legal_representative.id_number)
        for one in found
    }
