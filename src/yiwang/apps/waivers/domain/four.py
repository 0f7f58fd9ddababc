# SPDX-License-Identifier: Apache-2.0
"""“四电”应用清单 (驻政办〔2022〕62号 L739): for each item, which of e-licence, e-material, e-seal and
e-signature it uses. Derived from the definitions, so it is never out of date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from yiwang.engines.definitions import Catalogue
from yiwang.engines.definitions.kinds import Item
from yiwang.engines.definitions.kinds.items import Delivery
from yiwang.engines.definitions.kinds.materials import MaterialKind
from yiwang.engines.definitions.reusing import reuse_rule


@dataclass(frozen=True)
class FourUses:
    """What one item uses of the four; material ids.

    Attributes:
        licences: taken from the register of licences instead of paper.
        materials: documents of earlier cases that may stand again, and results other items issued.
        sealed: what the item issues under a seal.
        signed: what the applicant signs: the forms of an item that wants a signature, and commitments.
    """

    item: Item
    licences: Sequence[str]
    materials: Sequence[str]
    sealed: Sequence[str]
    signed: Sequence[str]

    @property
    def count(self) -> int:
        """How many of the four it uses."""
        return sum(bool(one) for one in (self.licences, self.materials, self.sealed, self.signed))


def four_uses(catalogue: Catalogue, day: dt.date) -> Iterator[FourUses]:
    """The list, by item id."""
    for item in catalogue.items.values():
        kinds = {use.material: catalogue.materials[use.material].kind for use in item.materials}
        signed = {use.material for use in item.materials if use.commitment}
        if item.signature is not None:
            signed |= {one for one, kind in kinds.items() if kind is MaterialKind.FORM}
        yield FourUses(
            item=item,
            licences=[one for one, kind in kinds.items() if kind is MaterialKind.LICENCE],
            materials=[one for one, kind in kinds.items() if _is_e_material(catalogue, one, kind, day)],
            sealed=[out.material for out in item.outputs] if Delivery.ELECTRONIC in item.delivery else [],
            signed=[one for one in kinds if one in signed],
        )


def _is_e_material(catalogue: Catalogue, material: str, kind: MaterialKind, day: dt.date) -> bool:
    issued = kind is MaterialKind.RESULT and material in catalogue.producers
    return issued or reuse_rule(catalogue, material, day) is not None
