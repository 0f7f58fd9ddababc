# SPDX-License-Identifier: Apache-2.0
"""Load, validate, overlay, hash and date what a city offers.

The door of this engine: `load` a folder into a `Catalogue`, or `inspect` it for what is wrong.
"""

from __future__ import annotations

from .catalogue import Catalogue
from .checks import Check, Checked
from .figures import setting, whole, words
from .kinds import KINDS, Definition, Kinds, Part, Ref, Rule
from .loader import Report, default_directory, inspect, load, load_part
from .problems import DefinitionErrors, Problem, Where, nearest
from .rule_types import rule_type, rule_types

__all__ = [
    "KINDS",
    "Catalogue",
    "Check",
    "Checked",
    "Definition",
    "DefinitionErrors",
    "Kinds",
    "Part",
    "Problem",
    "Ref",
    "Report",
    "Rule",
    "Where",
    "default_directory",
    "inspect",
    "load",
    "load_part",
    "nearest",
    "rule_type",
    "rule_types",
    "setting",
    "whole",
    "words",
]
