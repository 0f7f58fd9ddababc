# SPDX-License-Identifier: Apache-2.0
"""容缺: a document that may come after acceptance, and until when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.kinds.items import MaterialUse
from yiwang.engines.definitions.kinds.standing_in import Deferral
from yiwang.kernel.workdays import Limit, Unit


def uses_of(catalogue: Catalogue, items: Iterable[str], material: str) -> list[MaterialUse]:
    """How these items use the material."""
    return [use for item in items for use in catalogue.items[item].materials if use.material == material]


def may_promise(uses: Sequence[MaterialUse]) -> bool:
    """Whether everybody who needs it waits for it (or takes a commitment), and one at least waits."""
    return any(use.deferrable for use in uses) and all(use.deferrable or use.commitment for use in uses)


def limit_of(deferral: Deferral) -> Limit:
    """How long after acceptance the document may come."""
    return Limit(deferral.within.days, Unit(deferral.within.unit.value))
