# SPDX-License-Identifier: Apache-2.0
"""A column that holds a blind index of a locked column beside it: the vault finds it by its field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models

from .locking import blind_index


class BlindIndexField(models.CharField):
    """A blind index of another column of the row.

    Args:
        of: the column. purpose: the index's purpose. compact: blanks are left out, letters made capital,
            before the index is made; as whoever writes the column does.
    """

    def __init__(
        self, *args: Any, of: str = "", purpose: str = "", compact: bool = False, **more: Any
    ) -> None:
        self.of, self.purpose, self.compact = of, purpose, compact
        super().__init__(*args, **{"max_length": 64, **more})

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """As migrations write it."""
        name, _, args, options = super().deconstruct()
        options |= {"of": self.of, "purpose": self.purpose, "compact": self.compact}
        return name, "yiwang.apps.vault.public.BlindIndexField", args, options

    def index_of(self, row: models.Model) -> str:
        """What the column should hold. Raises Altered, KeyMissing: its source does not open."""
        text = str(getattr(row, self.of))
        return blind_index("".join(text.split()).upper() if self.compact else text, purpose=self.purpose)
