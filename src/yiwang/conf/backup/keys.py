# SPDX-License-Identifier: Apache-2.0
"""The keys and a backup.

The signing key is in it. The keys of the vault are not, unless asked for: whoever finds the backup must
not be able to read it. A restore needs them, and refuses to begin without.
"""

from __future__ import annotations

import hashlib
import hmac
import shutil
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from yiwang.apps.vault.admin import fingerprint as vault_fingerprint
from yiwang.apps.vault.public import key_place
from yiwang.kernel.errors import Conflict

KEY = "secret.key"
VAULT = "vault/keys.json"


def fingerprint(key: str) -> str:
    """What tells one key from another without telling the key."""
    return hmac.new(key.encode(), b"yiwang backup", hashlib.sha256).hexdigest()


def key_is_kept() -> bool:
    """Whether the key in use lies in the data directory (and not in the environment)."""
    return not settings.ENV["SECRET_KEY"]


def require_vault(needed: Mapping[str, str], folder: Path) -> None:
    """Raise Conflict unless the key file in the unpacked backup, or the one in place, has every key that
    the backup's data was locked with. `needed`: key id → check value, as the manifest has it."""
    inside = folder / VAULT
    there = vault_fingerprint(inside if inside.exists() else None)
    if lacking := sorted(name for name, check in needed.items() if there.get(name) != check):
        raise Conflict(
            f"没有这份备份的数据加密密钥（{'、'.join(lacking)}）：恢复出来的数据谁也打不开。没有恢复任何内容。",
            mend=f"请先把另行保管的密钥文件放到 {key_place()}（chmod 600），再恢复。",
        )


def place_vault(folder: Path) -> None:
    """Put the backup's key file, if it has one, in its place. One that was there is kept aside."""
    inside, place = folder / VAULT, key_place()
    if not inside.exists():
        return
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if place.exists() and place.read_bytes() != inside.read_bytes():
        place.rename(place.with_name(f"{place.name}.before-{timezone.localtime():%Y%m%dT%H%M%S}"))
    shutil.copyfile(inside, place)
    place.chmod(0o600)
