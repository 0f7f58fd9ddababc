# SPDX-License-Identifier: Apache-2.0
"""Tables of the gateway."""

from __future__ import annotations

__all__: list[str] = []
