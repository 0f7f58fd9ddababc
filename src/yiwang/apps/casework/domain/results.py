# SPDX-License-Identifier: Apache-2.0
"""What a granted item issues: which results, what they state, until when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.kinds import Item, Material
from yiwang.engines.planning.conditions import Judge
from yiwang.kernel.errors import Invalid

from .values import from_json, read, to_json


def results_of(catalogue: Catalogue, item: Item, known: Mapping[str, Any]) -> list[Material]:
    """The materials the item issues for what is known (JSON values by element id).

    An output whose condition is open is issued: the item was granted without it being said.
    """
    judge = Judge(catalogue, from_json(catalogue, known))
    return [catalogue.materials[o.material] for o in item.outputs if judge.holds(o.when) is not False]


def missing_fields(material: Material, known: Mapping[str, Any]) -> list[str]:
    """The elements printed on a result that nobody has given yet (a new code, a number)."""
    return [field.element for field in material.fields if known.get(field.element) in (None, "")]


def stated(
    catalogue: Catalogue, material: Material, known: Mapping[str, Any], given: Mapping[str, object]
) -> dict[str, Any]:
    """What the result states: from the form, else from what the officer gives now.

    Raises Invalid when a value the officer gives is wrong. A field nobody knows is left off.
    """
    fields: dict[str, Any] = {}
    for field in material.fields:
        if known.get(field.element) not in (None, ""):
            fields[field.element] = known[field.element]
        elif given.get(field.element) not in (None, ""):
            element = catalogue.elements[field.element]
            try:
                fields[field.element] = to_json(read(element, given[field.element]))
            except Invalid as error:
                raise Invalid(
                    f"“{field.label}”：{error.message}", mend=error.mend, field=field.element
                ) from error
    return fields


def valid_until(material: Material, start: dt.date) -> dt.date | None:
    """The last valid day (a term of N days ends N days after the day of issue); None: no end."""
    if material.validity is None:
        return None
    return start + dt.timedelta(days=int(material.validity.days))
