# SPDX-License-Identifier: Apache-2.0
"""The signing key and a backup: people are found by digests keyed with it, so both belong together."""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings

KEY = "secret.key"


def fingerprint(key: str) -> str:
    """What tells one key from another without telling the key."""
    return hmac.new(key.encode(), b"yiwang backup", hashlib.sha256).hexdigest()


def key_is_kept() -> bool:
    """Whether the key in use lies in the data directory (and not in the environment)."""
    return not settings.ENV["SECRET_KEY"]
