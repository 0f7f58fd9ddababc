# SPDX-License-Identifier: Apache-2.0
"""The keys: one file, readable by us alone, made at the first use, looked at again whenever it changed.

Several keys may open, one of them locks. A running process sees a change of the file at its next use,
so a new key needs no restart.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import secrets
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from yiwang.kernel.errors import Invalid, Unavailable

from .domain.envelope import KEY_ID, Algorithm, Key, KeyMissing, is_available, keyed_digest

FORMAT = "yiwang-vault/1"
_SECRET = 32  # bytes of the index's and the marks' master key


@dataclass(frozen=True)
class KeyRing:
    """All keys, which one locks, which ended; the master key of marks; the keys of blind indexes, the newest
    first (the first one of all is the master key), and the check of the one that all columns have."""

    current: str
    keys: Mapping[str, Key]
    retired: Mapping[str, str]
    master: bytes
    newer_indexes: tuple[bytes, ...] = ()
    settled: str = ""

    def __repr__(self) -> str:
        return f"KeyRing(current={self.current}, keys={sorted(self.keys)})"

    @property
    def master_check(self) -> str:
        """What tells this master key from another without telling it."""
        return keyed_digest(self.master, b"yiwang vault check")[:16]

    @property
    def indexes(self) -> tuple[bytes, ...]:
        """The keys of blind indexes: by the first one values are written, by any they may be found."""
        return (*self.newer_indexes, self.master)

    @property
    def index_check(self) -> str:
        """What tells the index key in use from another without telling it."""
        return keyed_digest(self.indexes[0], b"yiwang vault check")[:16]

    @property
    def index_is_changing(self) -> bool:
        """Whether columns may still hold values of an earlier index key."""
        return bool(self.newer_indexes) and self.settled != self.index_check

    def key(self, key_id: str) -> Key:
        """The key with this id. Raises KeyMissing, saying what to bring back."""
        if key_id in self.keys and key_id not in self.retired:
            return self.keys[key_id]
        if key_id in self.retired:
            raise KeyMissing(
                f"密钥 {key_id} 已停用，用它加密的数据打不开。", mend="请运行 yiwang vault restore-key。"
            )
        raise KeyMissing(
            f"没有密钥 {key_id}，用它加密的数据打不开。", mend=f"请把原来的密钥文件放回 {place()} 后重试。"
        )


_loaded: dict[Path, tuple[tuple[int, int, int], KeyRing]] = {}


def place() -> Path:
    """Where the keys lie: YIWANG_VAULT_KEYS, or `vault/keys.json` in the data directory."""
    return _place(settings.VAULT_KEYS, settings.DATA_DIR)


@lru_cache(maxsize=8)
def _place(given: str, folder: Path) -> Path:
    return Path(given) if given else Path(folder) / "vault" / "keys.json"


def ring(*, make: bool = False) -> KeyRing:
    """The keys as the file has them now. `make`: make the file if there is none, as at a first start.

    Raises Unavailable when the file is missing or cannot be read, Invalid when it is damaged.
    """
    path = place()
    try:
        state = path.stat()
    except FileNotFoundError:
        if not make or path in _loaded:  # it was there: somebody took it away; never make another
            mend = f"请把密钥文件放回 {path}：没有它，加密的数据谁也打不开。"
            raise Unavailable("数据加密的密钥文件不见了。", mend=mend) from None
        _make(path)
        state = path.stat()
    except OSError as error:
        raise Unavailable(f"密钥文件 {path} 读不了：{error.strerror}。", mend="请核对文件的权限。") from error
    stamp = (state.st_mtime_ns, state.st_ctime_ns, state.st_ino)
    known = _loaded.get(path)
    if known is None or known[0] != stamp:
        known = _loaded[path] = (stamp, read(path, state.st_mode))
    return known[1]


def read(path: Path, mode: int = 0o600) -> KeyRing:
    """The keys in a file. Raises Invalid (damaged, or open to others), Unavailable."""
    if mode & 0o077:
        raise Invalid(f"密钥文件 {path} 对本机其他用户开放。", mend=f"请运行 chmod 600 {path}。")
    try:
        return _parsed(json.loads(path.read_text(encoding="ascii")))
    except OSError as error:
        raise Unavailable(f"密钥文件 {path} 读不了：{error.strerror}。", mend="请核对文件的权限。") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Invalid(f"密钥文件 {path} 不完整或被改动。", mend="请放回另行保管的那一份。") from error


def _parsed(content: Mapping[str, Any]) -> KeyRing:
    if content["format"] != FORMAT:
        raise ValueError("another format")
    keys = {
        one["id"]: Key(one["id"], Algorithm(one["algorithm"]), _bytes(one["secret"]), one["made_at"])
        for one in content["keys"]
    }
    found = KeyRing(
        content["current"],
        keys,
        dict(content["retired"]),
        _bytes(content["master"]),
        tuple(map(_bytes, content.get("indexes", []))),
        str(content.get("settled", "")),
    )
    if any(len(one) != _SECRET for one in found.indexes):
        raise ValueError("an index key does not fit")
    wrong = [one for one in keys.values() if len(one.secret) != one.algorithm.key_bytes]
    if wrong or found.current not in keys or len(found.master) != _SECRET or not all(map(KEY_ID.match, keys)):
        raise ValueError("keys do not fit")
    return found


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def _written(keys: KeyRing) -> bytes:
    content = {
        "format": FORMAT,
        "current": keys.current,
        "keys": [
            {
                "id": one.id,
                "algorithm": one.algorithm.value,
                "secret": base64.b64encode(one.secret).decode(),
                "made_at": one.made_at,
            }
            for one in keys.keys.values()
        ],
        "retired": dict(keys.retired),
        "master": base64.b64encode(keys.master).decode(),
        "indexes": [base64.b64encode(one).decode() for one in keys.newer_indexes],
        "settled": keys.settled,
    }
    return json.dumps(content, indent=1).encode()


def fresh_key() -> Key:
    """A new key of the algorithm that is set. Raises Invalid when this machine does not have it."""
    algorithm = Algorithm(settings.VAULT_ALGORITHM)
    if not is_available(algorithm):
        mend = "请设 YIWANG_VAULT_ALGORITHM=aes-256-gcm，或换用带国密算法的密码库。"
        raise Invalid(f"本机的密码库没有 {algorithm}。", mend=mend)
    made_at = timezone.now().isoformat(timespec="seconds")
    return Key(secrets.token_hex(4), algorithm, secrets.token_bytes(algorithm.key_bytes), made_at)


def _make(path: Path) -> None:
    key = fresh_key()
    first = KeyRing(key.id, {key.id: key}, {}, secrets.token_bytes(_SECRET))
    with _beside(path, _written(first)) as fresh, suppress(FileExistsError):
        os.link(fresh, path)  # only one of several starting processes wins


@contextmanager
def _beside(path: Path, content: bytes) -> Iterator[str]:
    """The content in a file beside the place, on the disk, readable by us alone; gone afterwards.

    Raises Unavailable when it cannot be written.
    """
    fresh = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, fresh = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield fresh
    except OSError as error:
        mend = "请核对目录的权限；密钥文件只读时，请由保管密钥的人更换。"
        raise Unavailable(f"密钥文件 {path} 写不了：{error.strerror}。", mend=mend) from error
    finally:
        if fresh:
            Path(fresh).unlink(missing_ok=True)


def change(how: Callable[[KeyRing], KeyRing]) -> KeyRing:
    """Change the file, one process at a time, whole or not at all. Raises as `ring` does."""
    path = place()
    ring(make=True)
    with (path.parent / ".lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        changed = how(ring())
        with _beside(path, _written(changed)) as fresh:
            os.replace(fresh, path)
    return ring()


def add_current(keys: KeyRing) -> KeyRing:
    """The same with a new key, which locks from now on."""
    key = fresh_key()
    return replace(keys, current=key.id, keys={**keys.keys, key.id: key})


def add_index(keys: KeyRing) -> KeyRing:
    """The same with a new key of blind indexes, by which values are written from now on."""
    return replace(keys, newer_indexes=(secrets.token_bytes(_SECRET), *keys.newer_indexes))


def index_keys(purpose: str) -> tuple[bytes, ...]:
    """The keys of one purpose's blind indexes, the newest first."""
    return tuple(_derived(one, f"blind index {purpose}") for one in ring(make=True).indexes)


def derived(purpose: str, *, make: bool = True) -> bytes:
    """A key of its own for one purpose, made from the master key."""
    return _derived(ring(make=make).master, purpose)


@lru_cache(maxsize=64)
def _derived(master: bytes, purpose: str) -> bytes:
    return bytes.fromhex(keyed_digest(master, f"yiwang {purpose}".encode()))
