# SPDX-License-Identifier: Apache-2.0
"""The door of the vault.

Sensitive columns take one of the three fields; folders of contents a `FolderLock`. `reencrypt` finds these
columns, and every file in the data directory that begins as `encrypt` gives it; what is locked by `encrypt`
and kept in another sort of column does not move to a new key by itself.
"""

from __future__ import annotations

from .domain.envelope import Algorithm, Altered, KeyMissing, Sealed
from .fields import EncryptedBinaryField, EncryptedJSONField, EncryptedTextField, Locked
from .files import FolderLock
from .index_fields import BlindIndexField
from .keyring import place as key_place
from .locking import blind_index, blind_indexes, decrypt, encrypt, index_is_changing
from .watermarks import RECORD_NUMBER, Watermark, read_watermark, watermark, watermark_of

__all__ = [
    "RECORD_NUMBER",
    "Algorithm",
    "Altered",
    "BlindIndexField",
    "EncryptedBinaryField",
    "EncryptedJSONField",
    "EncryptedTextField",
    "FolderLock",
    "KeyMissing",
    "Locked",
    "Sealed",
    "Watermark",
    "blind_index",
    "blind_indexes",
    "decrypt",
    "encrypt",
    "index_is_changing",
    "key_place",
    "read_watermark",
    "watermark",
    "watermark_of",
]
