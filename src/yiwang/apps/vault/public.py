# SPDX-License-Identifier: Apache-2.0
"""The door of the vault.

Sensitive columns take one of the three fields; whole files a `FolderLock`. Only these are found by
`reencrypt`: what is locked by `encrypt` and kept elsewhere does not move to a new key by itself.
"""

from __future__ import annotations

from .domain.envelope import Algorithm, Altered, KeyMissing, Sealed
from .fields import EncryptedBinaryField, EncryptedJSONField, EncryptedTextField, Locked
from .files import FolderLock
from .keyring import place as key_place
from .locking import blind_index, decrypt, encrypt
from .watermarks import RECORD_NUMBER, Watermark, read_watermark, watermark, watermark_of

__all__ = [
    "RECORD_NUMBER",
    "Algorithm",
    "Altered",
    "EncryptedBinaryField",
    "EncryptedJSONField",
    "EncryptedTextField",
    "FolderLock",
    "KeyMissing",
    "Locked",
    "Sealed",
    "Watermark",
    "blind_index",
    "decrypt",
    "encrypt",
    "key_place",
    "read_watermark",
    "watermark",
    "watermark_of",
]
