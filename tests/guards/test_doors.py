# SPDX-License-Identifier: Apache-2.0
"""What the import contracts cannot see: ways round an app's door that are not imports."""

import ast
import tomllib
from collections.abc import Iterator

from support.sources import APPS, ROOT, Source, rooms, sources

RELATIONS = {"ForeignKey", "OneToOneField", "ManyToManyField"}


def layers() -> dict[str, int]:
    """Return each app's height as the import contract gives it: a lower app has a lower number."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    order = next(c["layers"] for c in contracts if c.get("containers") == ["yiwang.apps"])
    return {
        name.strip("() "): height for height, layer in enumerate(reversed(order)) for name in layer.split("|")
    }


def called(node: ast.Call) -> str:
    """Return the last name of what is called."""
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def calls(source: Source, names: set[str]) -> Iterator[ast.Call]:
    """Yield every call of these names in a file."""
    if any(name in source.text for name in names):
        found = (node for node in ast.walk(source.tree) if isinstance(node, ast.Call))
        yield from (call for call in found if called(call) in names)


def target_app(call: ast.Call) -> str | None:
    """Return the app that a relation points at by string, None for its own app or a class."""
    target = next(iter(call.args), next((k.value for k in call.keywords if k.arg == "to"), None))
    if isinstance(target, ast.Constant) and isinstance(target.value, str) and "." in target.value:
        return target.value.split(".")[0]
    return None


def in_app(source: Source) -> str | None:
    """Return the name of the app a file lies in."""
    return source.path.relative_to(APPS).parts[0] if source.path.is_relative_to(APPS) else None


def test_an_app_exports_nothing_but_through_its_door() -> None:
    inits = [Source(room / "__init__.py") for room in rooms(APPS)]
    talking = [s.name for s in inits if any(not isinstance(n, ast.Expr) for n in s.tree.body)]
    assert talking == []


def test_foreign_keys_point_down_only() -> None:
    heights, upward = layers(), []
    for source in sources():
        own = in_app(source)
        for call in calls(source, RELATIONS) if own else ():
            other = target_app(call)
            if own and other in heights and other != own and heights[other] >= heights[own]:
                upward.append(f"{source.name}:{call.lineno} {own} -> {other}")
    assert upward == []


def test_no_app_fetches_a_model_by_name() -> None:
    fetched = [
        f"{source.name}:{call.lineno}"
        for source in sources()
        if in_app(source) and not source.is_test
        for call in calls(source, {"get_model"})
    ]
    assert fetched == []
