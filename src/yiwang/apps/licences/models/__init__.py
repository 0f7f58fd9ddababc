# SPDX-License-Identifier: Apache-2.0
"""Tables of licences, one module for each part of the room."""

from __future__ import annotations

from .licence import Licence

__all__ = ["Licence"]
