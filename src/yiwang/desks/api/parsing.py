# SPDX-License-Identifier: Apache-2.0
"""Read JSON bodies strictly: what no database can keep, and what is no JSON, is refused at the door."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser

from yiwang.kernel.text import is_storable


class StrictJson(Parser):
    """JSON as its standard has it: no NaN or Infinity, no null bytes, no halves of characters."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """The body. Raises ValueError, which is answered as a bad request."""
        return self.read(request.body)

    @staticmethod
    def read(body: bytes) -> dict[str, Any]:
        """The same for bytes. Raises ValueError, RecursionError."""
        found: dict[str, Any] = json.loads(body, parse_constant=_refuse)
        if not all(is_storable(text) for text in _texts(found)):
            raise ValueError("unstorable characters")
        return found


def _texts(found: Any) -> Iterator[str]:
    """Every text in a JSON value, keys too."""
    waiting = [found]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            waiting += [*one.keys(), *one.values()]
        elif isinstance(one, list):
            waiting += one


def _refuse(word: str) -> Any:
    raise ValueError(word)
