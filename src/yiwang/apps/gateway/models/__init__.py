# SPDX-License-Identifier: Apache-2.0
"""Tables of the gateway."""

from __future__ import annotations

from .sources import Source, SourceHealth

__all__ = [
    "Source",
    "SourceHealth",
]
