# SPDX-License-Identifier: Apache-2.0
"""A catalogue: every definition in force, overlays applied, ready to be asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from yiwang.kernel.errors import NotFound

from .kinds import (
    KINDS,
    Definition,
    Element,
    Item,
    LifeEvent,
    Material,
    Org,
    Place,
    PlainNames,
    Setting,
    Source,
    Template,
)
from .packing import Packed, packed

_Some = TypeVar("_Some", bound=Definition)


@dataclass(frozen=True)
class Catalogue:
    """All definitions of one city, by kind and id. Immutable; `digest` names the content."""

    sources: Mapping[str, Source] = field(default_factory=dict)
    settings: Mapping[str, Setting] = field(default_factory=dict)
    orgs: Mapping[str, Org] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)
    elements: Mapping[str, Element] = field(default_factory=dict)
    materials: Mapping[str, Material] = field(default_factory=dict)
    items: Mapping[str, Item] = field(default_factory=dict)
    life_events: Mapping[str, LifeEvent] = field(default_factory=dict)
    lists: Mapping[str, PlainNames] = field(default_factory=dict)
    templates: Mapping[str, Template] = field(default_factory=dict)
    others: Mapping[str, Mapping[str, Definition]] = field(default_factory=dict)
    """Kinds of other engines (calendars, clocks, processes …), by folder and id."""
    digest: str = ""
    origins: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict, compare=False)
    """(folder, id) → the files that gave the definition, top level first; for messages only."""

    @classmethod
    def of(
        cls,
        definitions: Mapping[str, Mapping[str, Definition]],
        *,
        digest: str = "",
        origins: Mapping[tuple[str, str], tuple[str, ...]] | None = None,
    ) -> Catalogue:
        """A catalogue of definitions given by folder and id; ids stand in order."""
        ordered = {folder: dict(sorted(known.items())) for folder, known in sorted(definitions.items())}
        own: dict[str, Any] = {folder: ordered.pop(folder) for folder in KINDS if folder in ordered}
        return cls(**own, others=ordered, digest=digest, origins=origins or {})

    def folders(self) -> dict[str, Mapping[str, Definition]]:
        """Every definition by folder and id, the other engines' kinds included; no empty folders."""
        own: dict[str, Mapping[str, Definition]] = {folder: getattr(self, folder) for folder in KINDS}
        return {folder: known for folder, known in sorted({**own, **self.others}.items()) if known}

    @cached_property
    def packed(self) -> Packed:
        """All of it as a release is stored; made once."""
        return packed(self.folders())

    def life_event(self, name_or_id: str) -> LifeEvent:
        """The life event with this id, official name or plain name. Raises NotFound."""
        if found := self.life_events.get(name_or_id) or self._life_events_by_name.get(name_or_id):
            return found
        raise NotFound(
            f"没有名为“{name_or_id}”的一件事。", mend="请用 yiwang definitions list 查看全部名称。"
        )

    @cached_property
    def _life_events_by_name(self) -> dict[str, LifeEvent]:
        named: dict[str, LifeEvent] = {}
        for event in self.life_events.values():
            for name in (event.name, *event.plain_names):
                named.setdefault(name, event)
        return named

    @cached_property
    def producers(self) -> Mapping[str, tuple[str, ...]]:
        """Material id → ids of the items that issue it."""
        found: dict[str, list[str]] = {}
        for item in self.items.values():
            for output in item.outputs:
                found.setdefault(output.material, []).append(item.id)
        return {material: tuple(sorted(items)) for material, items in found.items()}

    def template_of(self, material: str, day: dt.date) -> Template | None:
        """The template of a licence type on `day`: of those in force the highest version."""
        known = [one for one in self.templates.values() if one.material == material]
        return max(self.in_force(day, known), key=lambda one: one.version, default=None)

    def in_force(self, day: dt.date, among: Iterable[_Some]) -> list[_Some]:
        """Those of `among` that are valid on `day`."""
        return [d for d in among if d.valid_on(day)]
