# SPDX-License-Identifier: Apache-2.0
"""电子材料: which documents there are besides licences, and how long an accepted one may be used again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from yiwang.engines.definitions import Catalogue
from yiwang.engines.definitions.kinds import Material
from yiwang.engines.definitions.kinds.materials import MaterialKind
from yiwang.engines.definitions.kinds.reuse import ReuseRule
from yiwang.engines.definitions.reusing import HANDED_IN, reuse_rule
from yiwang.kernel.termed import Termed

BASIS = "e-material-basis"
"""The setting that says by which rule accepted documents are used again; without it, none is."""


class Origin(Termed):
    """The three sources of the list of non-licence documents (驻政办〔2022〕62号 L733)."""

    APPLICATION = "application", "申请材料"
    RESULT = "result", "办理结果"
    SUPERVISION = "supervision", "监管结果"


@dataclass(frozen=True)
class Listed:
    """A type of document in the catalogue of e-materials (非证照类电子材料清单).

    `days`: how long an accepted one may be used again, in calendar days; None: never.
    """

    material: Material
    origins: tuple[Origin, ...]
    days: int | None


def catalogue_of(catalogue: Catalogue, day: dt.date) -> Iterator[Listed]:
    """Every non-licence document that some item asks for or issues, by id. Derived, so never stale."""
    asked = {use.material for item in catalogue.items.values() for use in item.materials}
    for material in catalogue.materials.values():
        where = ((Origin.APPLICATION, asked), (Origin.RESULT, catalogue.producers))
        origins = tuple(origin for origin, those in where if material.id in those)
        if material.kind is not MaterialKind.LICENCE and origins:
            rule = reuse_rule(catalogue, material.id, day)
            yield Listed(material, origins, int(rule.within.days) if rule else None)


def is_kept(material: Material) -> bool:
    """Whether an uploaded document of this type becomes an e-material once a decided case accepted
    it: the applicant's own papers and proofs. A picture of a licence does not (the licence itself is
    on record), nor a form (it is made from the answers each time)."""
    return material.kind in HANDED_IN


def usable_until(rule: ReuseRule, accepted_on: dt.date) -> dt.date:
    """The last day on which a document accepted on that day may be used again."""
    return accepted_on + dt.timedelta(days=int(rule.within.days))
