# SPDX-License-Identifier: Apache-2.0
"""JSON Schema of each kind, for editors: `definitions/schema/<folder>.schema.json`.

Generated from the kinds, never written by hand. A file holds one definition or a list; with
`refines: true` nothing but the id is required, down through nested mappings, because a refinement
gives only what differs. References and rules are checked by `yiwang definitions check` alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from .kinds import Kinds
from .loader import SCHEMA_FOLDER
from .overlay import REFINES
from .problems import Problem

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_PREFIX = "#/$defs/"


def schemas(kinds: Kinds) -> dict[str, dict[str, Any]]:
    """Folder → JSON Schema of its files."""
    return {folder: _file_schema(folder, kind) for folder, kind in kinds.items()}


def write_schemas(kinds: Kinds, directory: Path) -> list[Path]:
    """Write the schemas below the definitions in `directory`; old ones go. Returns what was written."""
    folder = directory / SCHEMA_FOLDER
    folder.mkdir(exist_ok=True)
    wanted = _texts(kinds)
    for path in folder.glob("*.schema.json"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in wanted]


def stale_schemas(kinds: Kinds, directory: Path) -> Iterator[Problem]:
    """Schemas that do not fit the kinds any more; none where the city keeps no schemas."""
    folder = directory / SCHEMA_FOLDER
    if not folder.is_dir():
        return
    wanted = _texts(kinds)
    written = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.schema.json")}
    for name in sorted({*wanted, *written}):
        if wanted.get(name) != written.get(name):
            file = f"{directory.resolve().name}/{SCHEMA_FOLDER}/{name}"
            yield Problem(file, 1, "与定义的种类不一致", "请运行 yiwang definitions schema 重新生成")


def _texts(kinds: Kinds) -> dict[str, str]:
    return {
        f"{folder}.schema.json": json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        for folder, schema in sorted(schemas(kinds).items())
    }


def _file_schema(folder: str, kind: Any) -> dict[str, Any]:
    body = TypeAdapter(kind).json_schema(ref_template=_PREFIX + "{model}")
    parts: dict[str, Any] = {name: _exact(part) for name, part in body.pop("$defs", {}).items()}
    parts["full"] = _exact(body)
    parts["refinement"] = _refinement(parts)
    parts["one"] = {
        "if": {"properties": {REFINES: {"const": True}}, "required": [REFINES]},
        "then": {"$ref": _PREFIX + "refinement"},
        "else": {"$ref": _PREFIX + "full"},
    }
    one = {"$ref": _PREFIX + "one"}
    return {
        "$schema": _DRAFT,
        "title": folder,
        "description": "由 yiwang definitions schema 生成，请勿手改",
        "if": {"type": "array"},
        "then": {"type": "array", "items": one},
        "else": one,
        "$defs": parts,
    }


def _exact(part: dict[str, Any]) -> dict[str, Any]:
    """Plain JSON (bounds may be Decimal), without the discriminator that JSON Schema does not know."""
    plain: dict[str, Any] = json.loads(json.dumps(part, default=float))
    plain.pop("discriminator", None)
    return plain


def _refinement(parts: dict[str, Any]) -> dict[str, Any]:
    """What a lower level may write: an id, `refines: true` and anything that differs."""
    full = parts["full"]
    arms = [parts[arm["$ref"].removeprefix(_PREFIX)] for arm in full.get("oneOf", [])] or [full]
    properties = {
        key: value for arm in arms for key, value in _loose_properties(arm, parts, len(arms) > 1).items()
    }
    properties[REFINES] = {"const": True, "description": "细化上级同一编号的定义，只写不同的键"}
    return {
        "type": "object",
        "properties": properties,
        "required": ["id", REFINES],
        "additionalProperties": False,
    }


def _loose_properties(part: dict[str, Any], parts: dict[str, Any], mixed: bool) -> dict[str, Any]:
    properties: dict[str, Any] = part["properties"]
    if mixed:  # several kinds in one folder: keys of one name may have several types
        return {key: properties[key] if key == "id" else {} for key in properties}
    return {key: _loose(value, parts) for key, value in properties.items()}


def _loose(value: dict[str, Any], parts: dict[str, Any]) -> dict[str, Any]:
    """The value with nothing required in the mappings it is made of; lists are replaced whole."""
    if "anyOf" in value:
        return {**value, "anyOf": [_loose(arm, parts) for arm in value["anyOf"]]}
    target = str(value.get("$ref", "")).removeprefix(_PREFIX)
    if "properties" not in parts.get(target, {}):
        return value
    name = f"{target}.refinement"
    if name not in parts:
        parts[name] = {key: inner for key, inner in parts[target].items() if key != "required"}
        parts[name]["properties"] = _loose_properties(parts[target], parts, mixed=False)
    return {**value, "$ref": _PREFIX + name}
