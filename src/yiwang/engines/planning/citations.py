# SPDX-License-Identifier: Apache-2.0
"""Sources and durations as people read them."""

from __future__ import annotations

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.kinds import Citation, Duration
from yiwang.engines.definitions.kinds.base import Unit


def cite_words(catalogue: Catalogue, cite: Citation) -> str:
    """A citation as people read it: 《名称》（文号）第X条."""
    source = catalogue.sources.get(cite.doc)
    if source is None:
        return f"{cite.doc} {cite.at}"
    name = source.name if source.name.startswith("《") else f"《{source.name}》"
    number = f"（{source.number}）" if source.number else ""
    return f"{name}{number}{cite.at}"


def duration_words(duration: Duration) -> str:
    """10个工作日, 0.5个工作日, 30日."""
    days = format(duration.days.normalize(), "f")
    return f"{days}个工作日" if duration.unit is Unit.WORKING else f"{days}日"
