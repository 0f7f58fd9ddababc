# SPDX-License-Identifier: Apache-2.0
"""The kinds of definition, one module per idea; `KINDS` maps a folder of `definitions/` to its kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .base import Citation, Definition, Duration, Part, Ref, Rule, Setting, Source
from .elements import Element
from .items import Item
from .life_events import LifeEvent
from .lists import PlainNames
from .materials import Material
from .places import Org, Place
from .templates import Template

Kinds = Mapping[str, Any]
"""Folder → kind: a subclass of Definition, or a choice of several told apart by their `kind` key."""

KINDS: dict[str, type[Definition]] = {
    "sources": Source,
    "settings": Setting,
    "orgs": Org,
    "places": Place,
    "elements": Element,
    "materials": Material,
    "items": Item,
    "life_events": LifeEvent,
    "lists": PlainNames,
    "templates": Template,
}

__all__ = [
    "KINDS",
    "Citation",
    "Definition",
    "Duration",
    "Element",
    "Item",
    "Kinds",
    "LifeEvent",
    "Material",
    "Org",
    "Part",
    "Place",
    "PlainNames",
    "Ref",
    "Rule",
    "Setting",
    "Source",
    "Template",
]
