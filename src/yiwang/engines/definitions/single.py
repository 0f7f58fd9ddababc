# SPDX-License-Identifier: Apache-2.0
"""Check one definition that somebody hands in, as if it stood among those of a catalogue."""

from __future__ import annotations

import dataclasses
from typing import Any

from pydantic import TypeAdapter, ValidationError

from .catalogue import Catalogue
from .checks.checked import Check, Checked
from .checks.references import references
from .checks.templates import template_fields
from .complaints import problems_of
from .kinds import Definition, Template
from .overlay import Entry
from .problems import DefinitionErrors, Problem, Where
from .reading import Node, plain, read

_HANDED_IN = "handed-in"


def read_template(raw: bytes, catalogue: Catalogue, *, file: str) -> Template:
    """The licence template in the bytes of one YAML file: sound in itself, and fitting the materials,
    elements and sources of the catalogue.

    Args:
        file: how the file is called in complaints.

    Raises DefinitionErrors with everything that is wrong, each with its line.
    """
    node = _node(raw, file)
    template = _sound(node, Template)
    if template.id in catalogue.templates:
        mend = "新版模板用新的编号，例如在后面加上版本号"
        raise DefinitionErrors([Problem.at(node.where, f"编号“{template.id}”已经用过", mend)])
    together = dataclasses.replace(catalogue, templates={template.id: template})  # the others were checked
    entry = Entry("templates", template.id, node, _HANDED_IN, (file,))
    checked = Checked(together, {("templates", template.id): entry})
    checks: tuple[Check, ...] = (references, template_fields)
    if problems := [problem for check in checks for problem in check(checked) if not problem.doubt]:
        raise DefinitionErrors(problems)
    return template


def _node(raw: bytes, file: str) -> Node:
    node, problems = read(raw, file)
    if problems or node is None:
        empty = Problem.at(Where(file, 1), "文件是空的", "请写上模板的内容")
        raise DefinitionErrors(problems or [empty])
    if not isinstance(node.value, dict):
        raise DefinitionErrors(
            [Problem.at(node.where, "文件里应当只有一个模板", "每个模板一个文件，分别报送")]
        )
    return node


def _sound(node: Node, kind: type[Template]) -> Template:
    adapter: TypeAdapter[Any] = TypeAdapter(kind)
    try:
        found: Definition = adapter.validate_python(plain(node))
    except ValidationError as error:
        raise DefinitionErrors(problems_of(error, kind, node)) from None
    assert isinstance(found, Template)
    return found
