# SPDX-License-Identifier: Apache-2.0
"""Every module says what it is for; every public function and class says what it does."""

import ast
from collections.abc import Iterator

from support.sources import Function, Source, sources

SPDX = "# SPDX-License-Identifier: Apache-2.0"


def silent_ones(source: Source) -> Iterator[str]:
    """Yield the names of public functions and classes of a module that have no docstring."""
    for node in source.tree.body:
        if not isinstance(node, Function | ast.ClassDef) or node.name.startswith("_"):
            continue
        if ast.get_docstring(node) is None:
            yield f"{source.name}:{node.lineno} {node.name}"


def test_every_file_names_its_licence() -> None:
    bare = [s.name for s in sources() if s.text.strip() and SPDX not in s.text.splitlines()[:2]]
    assert bare == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        s.name
        for s in sources()
        if s.tree.body and ast.get_docstring(s.tree) is None and not s.path.name.startswith("__init__")
    ]
    assert silent == []


def test_every_public_function_and_class_says_what_it_does() -> None:
    silent = [name for source in sources() if not source.is_test for name in silent_ones(source)]
    assert silent == []
