# SPDX-License-Identifier: Apache-2.0
"""Links material ↔ licence ↔ resource, readable both ways (豫政办〔2023〕22号：目录与办事材料关联)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from yiwang.engines.definitions import Catalogue
from yiwang.engines.definitions.kinds.materials import MaterialKind

from .kinds import FOLDER, Resource
from .words import Sharing


@dataclass(frozen=True)
class MaterialLink:
    """A document and everything tied to it, by ids: whether it is a licence, who makes it, who asks for
    it, which resources stand for it."""

    material: str
    licence: bool
    issued_by: tuple[str, ...]
    asked_by: tuple[str, ...]
    resources: tuple[str, ...]


@dataclass(frozen=True)
class Links:
    """Both ways: material id → link, resource id → links."""

    materials: Mapping[str, MaterialLink]
    resources: Mapping[str, tuple[MaterialLink, ...]]

    def freed_by(self, resource: str) -> dict[str, tuple[str, ...]]:
        """Item id → the documents that need not be handed in once this resource answers."""
        freed: dict[str, list[str]] = defaultdict(list)
        for link in self.resources.get(resource, ()):
            for item in link.asked_by:
                freed[item].append(link.material)
        return {item: tuple(sorted(known)) for item, known in sorted(freed.items())}

    def answers_for(self, item: str) -> dict[str, tuple[str, ...]]:
        """Material id → resources that stand for it, of what `item` asks for."""
        return {
            link.material: link.resources
            for link in self.materials.values()
            if item in link.asked_by and link.resources
        }


def links_of(catalogue: Catalogue) -> Links:
    """The links of a catalogue. Resources that are not shared stand for nothing."""
    known: Mapping[str, Resource] = catalogue.others.get(FOLDER, {})  # type: ignore[assignment]
    standing: dict[str, list[str]] = defaultdict(list)
    for resource in known.values():
        if resource.sharing is not Sharing.NOT_SHARED:
            for material in resource.answers:
                standing[material].append(resource.id)
    asked: dict[str, list[str]] = defaultdict(list)
    for item in catalogue.items.values():
        for used in item.materials:
            asked[used.material].append(item.id)
    materials = {
        one.id: MaterialLink(
            one.id,
            one.kind is MaterialKind.LICENCE,
            catalogue.producers.get(one.id, ()),
            tuple(dict.fromkeys(asked.get(one.id, ()))),
            tuple(standing.get(one.id, ())),
        )
        for one in catalogue.materials.values()
    }
    return Links(
        materials,
        {one.id: tuple(materials[m] for m in one.answers if m in materials) for one in known.values()},
    )
