# SPDX-License-Identifier: Apache-2.0
"""How a census draft moves: draft → handed in → returned | taken. Taken is the end: the file holds it."""

from __future__ import annotations

from enum import StrEnum


class CensusState(StrEnum):
    """Where a draft stands."""

    DRAFT = "draft"
    HANDED_IN = "handed_in"
    RETURNED = "returned"
    TAKEN = "taken"

    @property
    def term(self) -> str:
        """The words for people."""
        return {
            CensusState.DRAFT: "草稿",
            CensusState.HANDED_IN: "已报送",
            CensusState.RETURNED: "已退回",
            CensusState.TAKEN: "已收录",
        }[self]

    @property
    def open(self) -> bool:
        """Whether the department may still change it."""
        return self in (CensusState.DRAFT, CensusState.RETURNED)
