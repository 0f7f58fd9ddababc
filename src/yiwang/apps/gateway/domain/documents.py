# SPDX-License-Identifier: Apache-2.0
"""The two documents of a call, byte for byte: what its digests cover (docs/formats/gateway.md)."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from yiwang.kernel.canonical import canonical_json

from .calls import Caller, NewCall


def digest(document: bytes) -> str:
    """SHA-256, lower-case hexadecimal."""
    return hashlib.sha256(document).hexdigest()


def request_document(caller: Caller, asked: NewCall) -> bytes:
    """What was asked: the bytes that were signed, or canonical JSON for a call from inside. The random
    request id keeps an identity number from being found by trying them all against the digest."""
    return asked.sent or canonical_json(
        {
            "caller": caller.id,
            "case": asked.case,
            "consent": asked.consent,
            "fields": None if asked.fields is None else list(asked.fields),
            "grant": asked.grant,
            "keys": dict(asked.keys),
            "purpose": asked.purpose,
            "request_id": asked.request_id or secrets.token_hex(16),
        }
    )


def answer_document(rows: Sequence[Mapping[str, Any]], head: Mapping[str, Any]) -> bytes:
    """What was answered: canonical JSON of the head, the rows, and a salt against guessing."""
    return canonical_json({**head, "rows": list(rows), "salt": secrets.token_hex(16)})
