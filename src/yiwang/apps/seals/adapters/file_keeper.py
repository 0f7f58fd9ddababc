# SPDX-License-Identifier: Apache-2.0
"""Keys as encrypted PKCS#8 files under one folder, readable by us alone.

For a city without a cipher machine yet, and for tests; 《办法》第十九条 wants a certified device in the
end (see `docs/guides/key-stores.md`). Beside each key lies the count of wrong passphrases, so that it
outlives whatever transaction the caller rolls back. One lock file per key makes processes take turns.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.utils import timezone

from yiwang.engines import sealing
from yiwang.kernel.errors import Conflict, Invalid, Unavailable

from ..domain.keeping import KeyLocked, NoSuchKey, Signer, WrongPassphrase
from ..domain.passphrases import Limits, Tries

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
_NEW = ".new-"  # a backup takes no file that begins so: it is half written


class FileKeeper:
    """A `KeyKeeper` in a folder: `<key>.pem` (private), `<key>.pub` (public point), `<key>.tries`."""

    name = "file"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def generate(self, key: str, passphrase: str) -> bytes:
        """Make a key. Raises Conflict when there is one of this name."""
        with self._locked(key):
            if self._path(key, "pem").exists():
                raise Conflict("这枚印章已经有密钥。", mend="请刷新后看清最新状态。")
            made = sealing.generate()
            self._write(self._path(key, "pub"), made.public.point)
            self._write(self._path(key, "pem"), made.to_pem(passphrase))
            return made.public.point

    def public_key(self, key: str) -> bytes:
        """The public point. Raises NoSuchKey."""
        return self._read(key, "pub")

    def signer(self, key: str, passphrase: str, limits: Limits) -> Signer:
        """Open the key. Raises WrongPassphrase, KeyLocked, NoSuchKey."""
        with self._locked(key):
            return self._open(key, passphrase, limits).sign

    def change_passphrase(self, key: str, old: str, new: str, limits: Limits) -> None:
        """Encrypt the key anew. Raises WrongPassphrase, KeyLocked, NoSuchKey."""
        with self._locked(key):
            opened = self._open(key, old, limits)
            self._write(self._path(key, "pem"), opened.to_pem(new))

    def destroy(self, key: str) -> None:
        """Overwrite and remove the key; its public half stays, for whoever verifies."""
        with self._locked(key):
            path = self._path(key, "pem")
            if path.exists():
                with path.open("r+b") as file:
                    file.write(os.urandom(path.stat().st_size))
                    file.flush()
                    os.fsync(file.fileno())
                path.unlink()
            self._path(key, "tries").unlink(missing_ok=True)
            self._sync()

    def _open(self, key: str, passphrase: str, limits: Limits) -> sealing.PrivateKey:
        now, tries = timezone.now(), self._tries(key)
        if tries.is_locked(now):
            assert tries.locked_until is not None
            until = timezone.localtime(tries.locked_until)
            raise KeyLocked(
                "口令连续输错，密钥已锁定。", mend=f"请在 {until:%H:%M} 以后再试；怀疑有人盗用请立即挂失。"
            )
        pem = self._read(key, "pem")
        try:
            opened = sealing.PrivateKey.from_pem(pem, passphrase or "\0")
        except sealing.WrongPassphrase:
            after = tries.after_wrong(now, limits)
            self._note(key, after)
            left = 0 if after.is_locked(now) else limits.tries - after.wrong
            mend = f"还可以试 {left} 次。" if left else f"已锁定 {limits.minutes} 分钟。"
            raise WrongPassphrase("保护口令不对。", mend=mend, field="passphrase") from None
        if tries != Tries():
            self._note(key, Tries())
        return opened

    def _tries(self, key: str) -> Tries:
        """The count; one that cannot be read locks the key rather than forgetting what it knew."""
        try:
            kept = json.loads(self._path(key, "tries").read_bytes())
            until = kept["locked_until"]
            return Tries(int(kept["wrong"]), datetime.fromisoformat(until) if until else None)
        except FileNotFoundError:
            return Tries()
        except (ValueError, KeyError, TypeError, OSError) as error:
            raise Unavailable(
                "密钥的口令记录损坏，暂不能使用。", mend="请联系运维人员从备份恢复 keys 目录。"
            ) from error

    def _note(self, key: str, tries: Tries) -> None:
        until = tries.locked_until.isoformat() if tries.locked_until else None
        self._write(
            self._path(key, "tries"), json.dumps({"wrong": tries.wrong, "locked_until": until}).encode()
        )

    def _read(self, key: str, suffix: str) -> bytes:
        try:
            return self._path(key, suffix).read_bytes()
        except FileNotFoundError:
            raise NoSuchKey("没有这枚印章的密钥。", mend="密钥已销毁或者丢失：请注销后重新办理。") from None
        except OSError as error:
            raise Unavailable(f"密钥读不出来：{error.strerror}。", mend="请联系运维人员检查磁盘。") from error

    def _path(self, key: str, suffix: str) -> Path:
        if not _NAME.fullmatch(key):
            raise Invalid("密钥的名字不对。", mend="只用小写字母、数字、下划线和横线。")
        return self._folder / f"{key}.{suffix}"

    def _write(self, path: Path, content: bytes) -> None:
        """Whole and on the disk before this returns; a crash leaves the old content or the new."""
        try:
            descriptor, temporary = tempfile.mkstemp(dir=self._folder, prefix=_NEW)  # mode 0600
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                os.replace(temporary, path)
            except BaseException:
                Path(temporary).unlink(missing_ok=True)
                raise
            self._sync()
        except OSError as error:
            raise Unavailable(
                f"密钥写不进去：{error.strerror}。", mend="请联系运维人员检查磁盘空间和权限。"
            ) from error

    def _sync(self) -> None:
        descriptor = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    @contextmanager
    def _locked(self, key: str) -> Iterator[None]:
        """One process at a time for one key. Locks lie beside the folder: a backup has no use for them."""
        name = self._path(key, "lock").name
        try:
            locks = self._folder.with_name(f"{self._folder.name}.locks")
            for folder in (self._folder, locks):
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(locks / name, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise Unavailable(
                f"密钥目录不能用：{error.strerror}。", mend="请联系运维人员检查数据目录。"
            ) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)
