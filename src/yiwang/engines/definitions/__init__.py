# SPDX-License-Identifier: Apache-2.0
"""Load, validate, overlay, hash and date what a city offers.

The door of this engine: `load` a folder into a `Catalogue`, or `inspect` it for what is wrong.
"""

from __future__ import annotations

from .catalogue import Catalogue
from .check import Checked
from .kinds import KINDS, Definition, Kinds
from .loader import Report, default_directory, inspect, load
from .problems import DefinitionErrors, Problem, Where, nearest

__all__ = [
    "KINDS",
    "Catalogue",
    "Checked",
    "Definition",
    "DefinitionErrors",
    "Kinds",
    "Problem",
    "Report",
    "Where",
    "default_directory",
    "inspect",
    "load",
    "nearest",
]
