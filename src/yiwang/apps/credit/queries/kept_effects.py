# SPDX-License-Identifier: Apache-2.0
"""A measure as it is kept with a check: what was answered then, whatever became of the record."""

from __future__ import annotations

import datetime as dt

from yiwang.engines.credit import Effect, EffectKind


def kept(effect: Effect) -> dict[str, str | bool]:
    """A measure as it is kept with a check."""
    return {
        "kind": effect.kind.value,
        "record": effect.record,
        "measure": effect.measure,
        "basis": effect.basis,
        "since": effect.since.isoformat(),
        "until": effect.until.isoformat() if effect.until else "",
        "org": effect.org,
        "section": effect.section,
        "post": effect.post,
        "disputed": effect.disputed,
    }


def read_kept(kept: dict[str, str | bool]) -> Effect:
    """A measure as it was kept."""
    text = {name: value for name, value in kept.items() if isinstance(value, str)}
    return Effect(
        EffectKind(text["kind"]), text["record"], text["measure"], text["basis"],
        dt.date.fromisoformat(text["since"]),
        dt.date.fromisoformat(text["until"]) if text["until"] else None,
        text["org"], text["section"], text["post"], bool(kept["disputed"]),
    )  # fmt: skip
