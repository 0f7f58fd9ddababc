# SPDX-License-Identifier: Apache-2.0
"""A catalogue: every definition in force, overlays applied, ready to be asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from yiwang.kernel.errors import NotFound

from .kinds import Definition, Element, Item, LifeEvent, Material, Org, Place, PlainNames, Setting, Source


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
    digest: str = ""

    def life_event(self, name_or_id: str) -> LifeEvent:
        """The life event with this id, official name or plain name. Raises NotFound."""
        if found := self.life_events.get(name_or_id) or self._life_events_by_name.get(name_or_id):
            return found
        raise NotFound(f"没有名为“{name_or_id}”的一件事。", mend="请用 yiwang definitions list 查看全部名称。")

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

    def in_force(self, day: dt.date, among: Iterable[Definition]) -> list[Definition]:
        """Those of `among` that are valid on `day`."""
        return [d for d in among if d.valid_on(day)]
