# SPDX-License-Identifier: Apache-2.0
"""How a built-in function of DMN is described: `"string:string, start position:number, length?:number"`."""

from __future__ import annotations

from collections.abc import Callable
from decimal import DecimalException
from typing import Any, Final

from yiwang.engines.rules.wide_values import FunctionValue

# Of these types null is an argument like any other; of all others it makes the result null.
_TAKES_NULL: Final = ("Any", "list")


def builtin(
    signature: str,
    run: Callable[..., Any],
    *,
    spread: bool = False,
    rest: bool = False,
    others: tuple[FunctionValue, ...] = (),
) -> FunctionValue:
    """A built-in: parameters as `name:type`, `name?:type` may be left out; `spread` as in FunctionValue."""
    parameters, optional = [], 0
    for part in signature.split(", ") if signature else ():
        name, _, written = part.rpartition(":")
        optional += name.endswith("?")
        parameters.append((name.removesuffix("?"), written))

    def guarded(*given: Any) -> Any:
        pairs = zip(given, parameters, strict=False)
        if any(value is None and written not in _TAKES_NULL for value, (_, written) in pairs):
            return None
        if parameters and parameters[0][1] == "list" and given and given[0] is None:
            return None
        try:
            return run(*given)
        except (DecimalException, OverflowError, ValueError, ZeroDivisionError):
            return None

    return FunctionValue(
        tuple(parameters), guarded, spread=spread, optional=optional, builtin=True, rest=rest, others=others
    )
