# SPDX-License-Identifier: Apache-2.0
"""The gateway's own SM2 key, by which its replies are signed: made at the first use, kept locked.

It lies in `keys/gateway.pem` of the data directory, under a key of the vault. `rotate_system_key` makes a
new one, which signs from then on; the public halves of all earlier ones stay in `keys/gateway-earlier.json`
and are published, so that what they signed can be verified for ever. Their private halves are gone.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from yiwang.apps.journal.public import record
from yiwang.apps.vault.public import decrypt, encrypt
from yiwang.engines import sealing
from yiwang.kernel.actor import Actor, ActorKind
from yiwang.kernel.errors import NotAllowed, Unavailable

from .clients import key_id_of

_ABOUT = "gateway system key"


def system_key() -> tuple[str, sealing.PrivateKey]:
    """The key and its id. Raises Unavailable when its file cannot be read or made."""
    path = _path()
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
    with _beside(path, _fresh()) as fresh, contextlib.suppress(FileExistsError):
        os.link(fresh, path)


def _path() -> Path:
    return Path(settings.DATA_DIR) / "keys" / "gateway.pem"


def _fresh() -> bytes:
    return encrypt(sealing.generate().to_pem(None), about=_ABOUT)


@contextlib.contextmanager
def _beside(path: Path, content: bytes) -> Iterator[str]:
    """The content in a file beside the path, on the disk; gone afterwards, unless it was moved."""
    handle, fresh = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield fresh
    finally:
        Path(fresh).unlink(missing_ok=True)


@dataclass(frozen=True)
class EarlierKey:
    """A key that signs no more: its id, its public half as PEM, when it ended (world time)."""

    key_id: str
    public_key: str
    ended_at: str


def earlier_keys() -> list[EarlierKey]:
    """The keys that signed before, the newest first. Raises Unavailable when the list cannot be read."""
    path = _path().with_name("gateway-earlier.json")
    now = system_key()[0]
    try:
        listed = json.loads(path.read_text("utf-8")) if path.exists() else []
        found = [EarlierKey(**one) for one in listed]
    except (OSError, ValueError, TypeError) as error:
        raise Unavailable(f"{path.name} 读不出来。", mend="请从备份放回数据目录的 keys。") from error
    return [one for one in found if one.key_id != now]


def rotate_system_key(actor: Actor, *, now: dt.datetime | None = None) -> tuple[str, str]:
    """Sign with a new key from now on; returns the ids of the earlier and of the new one. Every process sees
    it at its next reply. The earlier public half is kept before anything changes, so that nothing that
    was signed is ever without it, also after a kill.

    Raises NotAllowed: only the system, that is the command line; Unavailable.
    """
    if actor.kind is not ActorKind.SYSTEM:
        raise NotAllowed("网关的签名密钥由运维人员更换。", mend="请运行 yiwang exchange rotate-key。")
    path = _path()
    system_key()
    with (path.parent / ".gateway.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        was, key = system_key()
        ended = EarlierKey(was, key.public.to_pem().decode(), _moment(now))
        kept = [ended, *earlier_keys()]
        listed = json.dumps([asdict(one) for one in kept], indent=1).encode()
        with _beside(path, listed) as fresh:
            os.replace(fresh, path.with_name("gateway-earlier.json"))
        with _beside(path, _fresh()) as fresh:
            os.replace(fresh, path)
        made = system_key()[0]
    with transaction.atomic():
        record(actor, "gateway.key.rotated", stream="gateway-key", about=made, detail={"earlier": was})
    return was, made


def _moment(now: dt.datetime | None) -> str:
    return (now or timezone.now()).astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def system_public_pem() -> str:
    """The public half, as PEM."""
    return system_key()[1].public.to_pem().decode()
