# SPDX-License-Identifier: Apache-2.0
"""Large libraries, imported when something of them is used for the first time.

A process that computes nothing over tables should not spend half its start on the libraries that could.
"""

from __future__ import annotations

import importlib
from typing import Any


class Late:
    """A module by name: `ibis: Any = Late("ibis")`. What it has is looked up when it is used."""

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        """Name it; nothing is imported."""
        self._name = name

    def __getattr__(self, what: str) -> Any:
        return getattr(importlib.import_module(self._name), what)
