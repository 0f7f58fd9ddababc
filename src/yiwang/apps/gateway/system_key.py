# SPDX-License-Identifier: Apache-2.0
"""The gateway's own SM2 key, by which its replies are signed: made at the first use, kept locked.

It lies in `keys/gateway.pem` of the data directory, under a key of the vault. A new one is made by moving
the file away; whoever verifies old replies needs the old public key, which `/api/exchange/v1/key` gave.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from yiwang.apps.vault.public import decrypt, encrypt
from yiwang.engines import sealing
from yiwang.kernel.errors import Unavailable

from .clients import key_id_of

_ABOUT = "gateway system key"


def system_key() -> tuple[str, sealing.PrivateKey]:
    """The key and its id. Raises Unavailable when its file cannot be read or made."""
    path = Path(settings.DATA_DIR) / "keys" / "gateway.pem"
    try:
        if not path.exists():
            _make(path)
        state = path.stat()
        return _read(path, (state.st_mtime_ns, state.st_ino))
    except OSError as error:
        raise Unavailable(
            f"网关的签名密钥 {path.name} 读不了：{error.strerror}。", mend="请核对数据目录 keys 的权限。"
        ) from error


@lru_cache(maxsize=4)
def _read(path: Path, state: tuple[int, int]) -> tuple[str, sealing.PrivateKey]:
    key = sealing.PrivateKey.from_pem(decrypt(path.read_bytes(), about=_ABOUT), None)
    return key_id_of(key.public), key


def _make(path: Path) -> None:
    """Make a key; of several processes that start at once, one wins."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    locked = encrypt(sealing.generate().to_pem(None), about=_ABOUT)
    handle, fresh = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(locked)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)
    finally:
        Path(fresh).unlink(missing_ok=True)


def system_public_pem() -> str:
    """The public half, as PEM."""
    return system_key()[1].public.to_pem().decode()
