# SPDX-License-Identifier: Apache-2.0
"""Whether a subject may promise to bring documents later (容缺): asked of public credit each time.

Whoever let such a promise run out is on record for it (国办发〔2019〕35号二（一）); the bar ends with it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from yiwang.apps.credit.public import Effect, EffectKind, effects, records_named


def deferral_bars(subject: str, *, on: dt.date) -> tuple[Effect, ...]:
    """The records that keep a subject from promising on a day, each named; empty: it may."""
    return effects(subject, on=on, kinds={EffectKind.NO_DEFERRAL})


def no_deferral_words(found: Sequence[Effect]) -> str:
    """Which records bar, and what they rest on, for the applicant; empty when there is none."""
    if not found:
        return ""
    named = records_named(found)
    return f"有承诺后补的材料到期没有补交，现在不能再容缺，请提交材料：{named}。补交以后即可再选容缺。"
