# SPDX-License-Identifier: Apache-2.0
"""Whether a subject may commit at all: asked of public credit each time, never kept.

Whoever made a false commitment, or has a grave record, hands proof in until the record is repaired
(驻政办〔2021〕8号 L765). Repair, expiry or an objection that was upheld end the bar at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from yiwang.apps.credit.public import Effect, EffectKind, effects, records_named


def bars(subject: str, *, on: dt.date) -> tuple[Effect, ...]:
    """The records that keep a subject from committing on a day, each named; empty: it may commit."""
    return effects(subject, on=on, kinds={EffectKind.NO_COMMITMENT})


def bar_words(found: Sequence[Effect]) -> str:
    """Which records bar, and what they rest on, for the applicant; empty when there is none."""
    if not found:
        return ""
    return f"信用修复以前不适用告知承诺，请提交材料：{records_named(found)}。信用修复以后可以重新选择承诺。"
