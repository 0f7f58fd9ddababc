# SPDX-License-Identifier: Apache-2.0
"""The door of the gateway (共享数据网关)."""

from __future__ import annotations

__all__: list[str] = []
