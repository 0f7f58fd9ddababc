# SPDX-License-Identifier: Apache-2.0
"""Write a definition as YAML that `reading.read` gives back value for value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from typing import Any

import yaml

from .kinds import Definition, Part

_NOT_PLAIN = re.compile(r"[-+.]?[0-9]|(true|false|null|yes|no|on|off|y|n|~)?$", re.I)
"""How a text begins that some reader of YAML would take for something else."""


class _Writer(yaml.SafeDumper):
    """Safe YAML, block style, without anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        """A value that stands twice is written twice: readers here refuse aliases."""
        return True


def _text(writer: _Writer, text: str) -> yaml.Node:
    quoted = '"' if _NOT_PLAIN.match(text) else None
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style=quoted)


def _decimal(writer: _Writer, number: Decimal) -> yaml.Node:
    tag = "tag:yaml.org,2002:float" if number % 1 else "tag:yaml.org,2002:int"
    return writer.represent_scalar(tag, format(number if number % 1 else number.to_integral_value(), "f"))


_Writer.add_representer(str, _text)
_Writer.add_representer(Decimal, _decimal)


def as_yaml(content: Mapping[str, Any]) -> str:
    """The content of one definition as a file; keys stand as they are given."""
    return yaml.dump(content, Dumper=_Writer, allow_unicode=True, sort_keys=False, width=110)


def content_of(definition: Definition) -> dict[str, Any]:
    """A definition as its file has it: without what is as by default."""
    return plain_of(definition)


def plain_of(part: Part) -> dict[str, Any]:
    """A part of a definition, or the whole, in the values that YAML has."""
    found: dict[str, Any] = _plain(part.model_dump(exclude_defaults=True))
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value
