# SPDX-License-Identifier: Apache-2.0
"""Tables of quality and objections."""

from __future__ import annotations

from .objections import Correction, Objection, Round
from .runs import Finding, QualityRun, Task

__all__ = ["Correction", "Finding", "Objection", "QualityRun", "Round", "Task"]
