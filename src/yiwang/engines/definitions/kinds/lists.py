# SPDX-License-Identifier: Apache-2.0
"""Published lists. Now: the plain-language list (政务服务事项通俗化表述清单)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from .base import Citation, Definition, Id, Part, Ref, Text


class PlainName(Part):
    """One spoken name and what it stands for."""

    says: Text
    means: Annotated[Id, Ref.to("items", "life_events")] = Field(description="事项或一件事的 id")


class PlainNames(Definition):
    """Spoken names collected from firms, residents and counters → item or life event."""

    names: list[PlainName] = Field(min_length=1)
    synonyms: dict[str, list[Text]] = Field(
        default_factory=dict, description="检索用同义词：词 → 说法相近的词"
    )
    cite: Citation
