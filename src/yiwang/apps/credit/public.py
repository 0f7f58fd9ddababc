# SPDX-License-Identifier: Apache-2.0
"""The door of public credit.

1. A unit tells what it decided: `record`, `correct` (a further version, never a change), `withdraw`.
2. `effects` says what the valid records of a person or firm do to a matter, each by one record.
"""

from __future__ import annotations

from yiwang.engines.credit import Effect, EffectKind, Matter, Scene, Severity

from .commands.recording import correct, record, withdraw
from .domain.telling import NewRecord
from .parts import NoSuchRecord
from .queries.histories import effects, effects_of_many

__all__ = [
    "Effect",
    "EffectKind",
    "Matter",
    "NewRecord",
    "NoSuchRecord",
    "Scene",
    "Severity",
    "correct",
    "effects",
    "effects_of_many",
    "record",
    "withdraw",
]
