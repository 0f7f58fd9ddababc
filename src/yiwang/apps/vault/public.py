# SPDX-License-Identifier: Apache-2.0
"""The door of the vault."""

from __future__ import annotations

from .domain.envelope import Algorithm, Sealed
from .fields import EncryptedBinaryField, EncryptedJSONField, EncryptedTextField
from .locking import blind_index, decrypt, encrypt

__all__ = [
    "Algorithm",
    "EncryptedBinaryField",
    "EncryptedJSONField",
    "EncryptedTextField",
    "Sealed",
    "blind_index",
    "decrypt",
    "encrypt",
]
