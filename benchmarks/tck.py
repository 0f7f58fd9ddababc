# SPDX-License-Identifier: Apache-2.0
"""Run the public DMN TCK: `python -m benchmarks.tck <its TestCases directory> [part of a suite's name …]`.

The test cases stay outside the tree. A test passes when every result node has the expected value; numbers
may differ by 1e-8 as the TCK's own runners allow. Printed: each suite's count, each failure, the sums.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from lxml import etree

from yiwang.engines.dmn import Evaluation, Input, Logic, Model, Service, imported_namespaces, read_model
from yiwang.engines.rules import Range
from yiwang.engines.rules.values import read_date
from yiwang.engines.rules.wide_temporal import read_date_time, read_span, read_time
from yiwang.engines.rules.wide_values import same

TC = "{http://www.omg.org/spec/DMN/20160719/testcase}"
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_READ: Mapping[str, Any] = {
    "string": str,
    "boolean": lambda text: {"true": True, "false": False, "1": True, "0": False}[text],
    "date": read_date,
    "time": read_time,
    "dateTime": read_date_time,
    "duration": read_span,
    "dayTimeDuration": read_span,
    "yearMonthDuration": read_span,
}


def main(arguments: list[str]) -> int:
    """Run all suites below the directory, or those whose name holds one of the given parts."""
    root, wanted = Path(arguments[0]), arguments[1:]
    totals: dict[str, Counter[bool]] = {}
    for level in sorted(path for path in root.iterdir() if path.name.startswith("compliance-level-")):
        sums: Counter[bool] = Counter()
        for suite in sorted(path for path in level.iterdir() if path.is_dir()):
            if not wanted or any(part in suite.name for part in wanted):
                sums += _suite(suite)
        totals[level.name] = sums
    for name, sums in totals.items():
        count = sums.total()
        if count:
            print(f"{name}: {sums[True]}/{count} ({100 * sums[True] / count:.1f} %)")
    return 0


def _suite(suite: Path) -> Counter[bool]:
    results: Counter[bool] = Counter()
    for file in sorted(suite.glob("*-test-*.xml")):
        tests = etree.parse(file).getroot()
        try:
            model = _load(suite, (tests.findtext(f"{TC}modelName") or "").strip())
        except Exception as error:
            print(f"  FAIL {suite.name}: cannot be read: {error}")
            results[False] += len(tests.findall(f"{TC}testCase"))
            continue
        for case in tests.findall(f"{TC}testCase"):
            failure = _failure(model, case)
            results[not failure] += 1
            if failure:
                print(f"  FAIL {suite.name} {case.get('id')}: {failure[:300]}")
    print(f"{suite.name}: {results[True]}/{results.total()}")
    return results


def _load(suite: Path, name: str) -> Model:
    files = {path: path.read_bytes() for path in suite.glob("*.dmn")}
    spaces = {etree.fromstring(data).get("namespace"): path for path, data in files.items()}

    def load(path: Path) -> Model:
        needed = imported_namespaces(files[path])
        others = {space: load(spaces[space]) for space in needed if space in spaces}
        return read_model(files[path], others)

    return load(suite / name)


def _failure(model: Model, case: Any) -> str:
    """Why a test case fails; empty when it passes."""
    try:
        inputs = {_input_reference(model, node): _value(node) for node in case.findall(f"{TC}inputNode")}
        for result in case.findall(f"{TC}resultNode"):
            evaluation = Evaluation(model, {key: each for key, each in inputs.items() if key})
            found = _found(model, evaluation, case, result, inputs)
            expected = result.find(f"{TC}expected")
            wanted = None if expected is None else _value(expected)
            if not _agrees(found, wanted):
                notes = "; ".join(evaluation.problems)
                return f"{result.get('name')}: got {found!r}, wanted {wanted!r} {notes}"
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


def _input_reference(model: Model, node: Any) -> tuple[str, str] | None:
    name, space = " ".join(node.get("name").split()), node.get("namespace")
    models = list(model.models().values()) if space is None else [model.models()[space]]
    for each in models:
        element = each.element(name)
        if isinstance(element, Input | Logic):
            return each.namespace, element.id
    return None


def _found(model: Model, evaluation: Evaluation, case: Any, result: Any, inputs: Mapping[Any, Any]) -> Any:
    name = " ".join((result.get("name") or "").split())
    if case.get("invocableName") and case.get("type") in ("decisionService", "bkm"):
        element = model.element(case.get("invocableName"))
        if isinstance(element, Service):
            if set(element.inputs) - set(inputs):
                return None
            value = evaluation.served(element, inputs)
            return (
                value[name]
                if isinstance(value, dict) and len(element.outputs) > 1 and name in value
                else value
            )
    space = result.get("namespace") or model.namespace
    element = model.models()[space].element(name)
    return None if element is None else evaluation.value((space, element.id))


def _value(node: Any) -> Any:
    listed = node.find(f"{TC}list")
    if listed is not None:
        return None if _nil(listed) else tuple(_value(item) for item in listed.findall(f"{TC}item"))
    components = node.findall(f"{TC}component")
    if components:
        return {each.get("name"): _value(each) for each in components}
    value = node.find(f"{TC}value")
    if value is None or _nil(value):
        return None
    kind = (value.get(f"{XSI}type") or "").rpartition(":")[2]
    text = value.text or ""
    if kind in _READ:
        return _READ[kind](text)
    if kind in ("decimal", "double", "integer", "int", "float", "long"):
        return Decimal(text)
    return _guessed(text)


def _guessed(text: str) -> Any:
    try:
        return Decimal(text)
    except InvalidOperation:
        return {"true": True, "false": False}.get(text, text)


def _nil(node: Any) -> bool:
    return str(node.get(f"{XSI}nil")) == "true"


def _agrees(found: Any, wanted: Any) -> bool:
    if isinstance(found, Decimal) and isinstance(wanted, Decimal):
        return abs(found - wanted) <= Decimal("1e-8") * max(Decimal(1), abs(wanted))
    if isinstance(found, tuple) and isinstance(wanted, tuple):
        return len(found) == len(wanted) and all(_agrees(a, b) for a, b in zip(found, wanted, strict=True))
    if isinstance(found, Mapping) and isinstance(wanted, Mapping):
        return found.keys() == wanted.keys() and all(_agrees(found[key], wanted[key]) for key in found)
    if isinstance(found, Range):
        return False
    return same(found, wanted)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
