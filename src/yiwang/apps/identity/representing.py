# SPDX-License-Identifier: Apache-2.0
"""Who represents firms by law (法定代表人), and numbers of many at once."""

from __future__ import annotations

from collections.abc import Collection

from .models import Firm, Person


def representatives_of(firms: Collection[str]) -> dict[str, tuple[str, str]]:
    """Public id of a firm → public id and identity number of its legal representative."""
    found = Firm.objects.filter(public_id__in=firms).select_related("legal_representative")
    return {
        one.public_id: (one.legal_representative.public_id, one.legal_representative.id_number)
        for one in found
    }


def numbers_of(public_ids: Collection[str]) -> dict[str, str]:
    """Public id of a person or firm → identity number or credit code, with two questions to the database;
    who is not there is left out."""
    people = Person.objects.filter(public_id__in=public_ids).only("public_id", "id_number")
    found = {one.public_id: one.id_number for one in people}
    firms = Firm.objects.filter(public_id__in=set(public_ids) - set(found))
    return found | dict(firms.values_list("public_id", "uscc"))
