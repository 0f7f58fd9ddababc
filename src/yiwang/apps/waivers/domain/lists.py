# SPDX-License-Identifier: Apache-2.0
"""What is merged from reports and published in rolling batches."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from yiwang.engines.definitions import Catalogue

from .rows import Channel, DeclaredRow, SurveyRow


@dataclass(frozen=True)
class UsableLicence:
    """A licence on the list of usable e-licences, with what it was chosen by (L210: 证照使用频率、制发
    情况).

    Attributes:
        frequency: cases of the previous year that asked for it; `items`: how many items do.
        channels: where it can be got; `made_here`: an item of this city issues it.
    """

    material: str
    issuer: str
    frequency: int
    items: int
    channels: Sequence[str]
    made_here: bool


@dataclass(frozen=True)
class WaivedItem:
    """A certificate-free item: which licences need not be shown."""

    item: str
    materials: Sequence[str]


def usable_licences(
    catalogue: Catalogue, rows: Iterable[SurveyRow], published: Collection[str]
) -> list[UsableLicence]:
    """The licences that reports say can be got electronically and that are on no list yet, the most
    used first."""
    found: dict[str, list[tuple[SurveyRow, str]]] = {}
    for row in rows:
        for material, channel in row.licences.items():
            if channel not in ("", Channel.NONE.value) and material not in published:
                found.setdefault(material, []).append((row, channel))
    listed = [
        UsableLicence(
            material=material,
            issuer=catalogue.materials[material].issuer or "",
            frequency=sum(row.volume for row, _ in said),
            items=len(said),
            channels=sorted({channel for _, channel in said}),
            made_here=material in catalogue.producers,
        )
        for material, said in found.items()
        if material in catalogue.materials
    ]
    return sorted(listed, key=lambda one: (-one.frequency, -one.items, one.material))


def waived_items(rows: Iterable[DeclaredRow]) -> list[WaivedItem]:
    """The items of declarations that waive something, by id."""
    found = [WaivedItem(row.item, list(row.waived)) for row in rows if row.waived]
    return sorted(found, key=lambda one: one.item)


def marks(batches: Iterable[tuple[int, Sequence[WaivedItem]]]) -> dict[tuple[str, str], int]:
    """(item, material) → batch. A later batch says anew what holds for its items (滚动更新)."""
    found: dict[str, tuple[int, Sequence[str]]] = {}
    for number, items in sorted(batches, key=lambda batch: batch[0]):
        for one in items:
            found[one.item] = (number, one.materials)
    return {(item, material): number for item, (number, materials) in found.items() for material in materials}
