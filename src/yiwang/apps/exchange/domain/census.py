# SPDX-License-Identifier: Apache-2.0
"""How a census draft moves: draft → handed in → returned | taken. Taken is the end: the file holds it."""

from __future__ import annotations

from yiwang.kernel.termed import Termed


class CensusState(Termed):
    """Where a draft stands."""

    DRAFT = "draft", "草稿"
    HANDED_IN = "handed_in", "已报送"
    RETURNED = "returned", "已退回"
    TAKEN = "taken", "已收录"

    @property
    def open(self) -> bool:
        """Whether the department may still change it."""
        return self in (CensusState.DRAFT, CensusState.RETURNED)
