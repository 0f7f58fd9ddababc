# SPDX-License-Identifier: Apache-2.0
"""The two dialects of the one language, and the words only the wider one knows."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Dialect(StrEnum):
    """Who is speaking: a policy rule (the checked part) or a DMN model (all of FEEL)."""

    POLICY = "policy"
    DMN = "dmn"


# Built-in functions of DMN 1.5 whose names are more than one word, and the types likewise.
TYPE_NAMES: Final = ("date and time", "days and time duration", "years and months duration")
LONG_NAMES: Final = (
    *TYPE_NAMES,
    "string length", "upper case", "lower case", "substring before", "substring after", "starts with",
    "ends with", "string join", "list contains", "list replace", "insert before", "index of",
    "distinct values", "round up", "round down", "round half up", "round half down", "day of year",
    "day of week", "month of year", "week of year", "get value", "get entries", "context put",
    "context merge", "met by", "overlaps before", "overlaps after", "finished by", "started by",
    "start included", "end included", "time offset",
)  # fmt: skip
