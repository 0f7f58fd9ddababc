# SPDX-License-Identifier: Apache-2.0
"""Tables of seals."""

from __future__ import annotations

from .seals import Imprint, Paper, Seal, Step
from .trust import Authority, Maker, RevocationList
from .uses import Pressing, Use

__all__ = ["Authority", "Imprint", "Maker", "Paper", "Pressing", "RevocationList", "Seal", "Step", "Use"]
