# SPDX-License-Identifier: Apache-2.0
"""A resource somebody drafts: written as a definitions file, and checked as if it stood in the catalogue."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from yiwang.engines.definitions import Catalogue, Checked, DefinitionErrors, Problem, Where
from yiwang.engines.definitions.checks.checked import Mark
from yiwang.engines.definitions.checks.references import references
from yiwang.engines.definitions.complaints import problems_of
from yiwang.engines.definitions.hints import marked
from yiwang.engines.definitions.overlay import Entry
from yiwang.engines.definitions.reading import plain, read

from .checks import check_resources
from .kinds import FOLDER, Resource

_HANDED_IN = "handed-in"


def as_yaml(draft: Mapping[str, Any]) -> str:
    """The draft as the text of a definitions file; keys without a value are left out."""
    kept = {key: value for key, value in draft.items() if value not in (None, "", [], {}, False)}
    if isinstance(kept.get("fields"), list):
        kept["fields"] = [
            {key: value for key, value in field.items() if value not in (None, "", False)}
            for field in kept["fields"]
        ]
    return yaml.safe_dump(kept, allow_unicode=True, sort_keys=False, width=110)


def read_resource(raw: bytes, catalogue: Catalogue, *, file: str) -> Resource:
    """The resource in the bytes of one YAML file: sound in itself, and fitting the rest of the catalogue.

    Args:
        file: how the file is called in complaints.

    Raises DefinitionErrors with everything that is wrong, each with its line.
    """
    node, problems = read(raw, file)
    if problems or node is None or not isinstance(node.value, dict):
        whole = Problem.at(Where(file, 1), "不是一个数据资源", "一个文件写一个数据资源")
        raise DefinitionErrors(problems or [whole])
    adapter: TypeAdapter[Resource] = TypeAdapter(Resource)
    try:
        resource = adapter.validate_python(plain(node))
    except ValidationError as error:
        raise DefinitionErrors(problems_of(error, Resource, node)) from None
    if resource.id in catalogue.others.get(FOLDER, {}):
        mend = "换一个编号；要修改已有的资源，请改它的定义文件"
        raise DefinitionErrors([Problem.at(node.where, f"编号“{resource.id}”已经用过", mend)])
    together = {**catalogue.others.get(FOLDER, {}), resource.id: resource}
    everything = dataclasses.replace(catalogue, others={**catalogue.others, FOLDER: together})
    alone = dataclasses.replace(catalogue, others={**catalogue.others, FOLDER: {resource.id: resource}})
    entries = {(FOLDER, resource.id): Entry(FOLDER, resource.id, node, _HANDED_IN, (file,))}
    found = [*references(_One(everything, entries)), *check_resources(Checked(alone, entries))]
    if wrong := [one for one in found if not one.doubt]:
        raise DefinitionErrors(wrong)
    return resource


class _One(Checked):
    """A check of nothing but what was handed in: the others were checked before."""

    @cached_property
    def marks(self) -> list[Mark]:
        """Every reference of the definition that was handed in."""
        ((folder, identity),) = self.entries
        definition = self.catalogue.others[folder][identity]
        return [Mark(folder, definition, marker, path, value) for marker, path, value in marked(definition)]
