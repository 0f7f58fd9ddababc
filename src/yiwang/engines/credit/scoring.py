# SPDX-License-Identifier: Apache-2.0
"""What a personal score brings: scenes in which something becomes easier, and nothing else.

The answer is a list of what is given. There is no way to say from it that somebody is refused, looked at
more closely or put last: whoever has no score is served as everybody is.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from yiwang.engines.rules import evaluate

from .evaluation import Evaluated, formula
from .evaluation_kinds import SCORE
from .score_kinds import BenefitScene


def earned(scored: Evaluated, scenes: Iterable[BenefitScene]) -> tuple[BenefitScene, ...]:
    """The scenes of this score, in force on its day, whose condition holds; in the order handed in."""
    known: dict[str, Decimal] = {SCORE: scored.score}
    return tuple(
        scene
        for scene in scenes
        if scene.score == scored.evaluation.id
        and scene.valid_on(scored.on)
        and evaluate(formula(scene.when), known) is True
    )
