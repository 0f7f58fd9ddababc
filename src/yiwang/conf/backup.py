# SPDX-License-Identifier: Apache-2.0
"""One file with everything: the database, uploaded files, archive packages, the signing key.

SQLite is copied through its own backup interface, PostgreSQL by `pg_dump`: both are consistent
while the city goes on working. Files are content-addressed and never change, so those that a
consistent database names are there when they are copied after it.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from yiwang.kernel.errors import Conflict, Invalid, Unavailable

_FOLDERS = ("files", "archive", "texts")
_FORMAT = "yiwang-backup/1"


def write_backup(target: Path) -> str:
    """Write a backup; returns a sentence saying where and how large. The file appears when whole.

    Raises Conflict when the file exists, Unavailable when `pg_dump` is missing or fails.
    """
    if target.exists():
        raise Conflict(f"{target} 已经存在。", mend="请换一个文件名：备份不覆盖旧备份。")
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    with tempfile.TemporaryDirectory(dir=target.parent) as folder, tarfile.open(temporary, "w:gz") as tar:
        dump = _dump_database(Path(folder))
        manifest = {"format": _FORMAT, "database": connection.vendor, "sha256": _sha256(dump)}
        _add_bytes(tar, "manifest.json", json.dumps(manifest).encode())
        tar.add(dump, "database")
        for name in _FOLDERS:
            if (settings.DATA_DIR / name).is_dir():
                tar.add(settings.DATA_DIR / name, name)
        if (settings.DATA_DIR / "secret.key").exists():
            tar.add(settings.DATA_DIR / "secret.key", "secret.key")
    temporary.chmod(0o600)
    temporary.rename(target)
    return f"已备份到 {target}（{target.stat().st_size / 1e6:.1f} MB）。其中有个人信息和密钥，请妥善保管。"


def _add_bytes(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    tar.addfile(entry, io.BytesIO(content))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _dump_database(folder: Path) -> Path:
    path = folder / "database"
    if connection.vendor == "sqlite":
        source = sqlite3.connect(connection.settings_dict["NAME"])
        copy = sqlite3.connect(path)
        with source, copy:
            source.backup(copy)
        source.close()
        copy.close()
    else:
        _run_pg("pg_dump", "--format=custom", f"--file={path}", str(_database()["NAME"]))
    return path


def _database() -> dict[str, Any]:
    return connection.settings_dict


def _run_pg(program: str, *arguments: str) -> None:
    """Run a PostgreSQL tool with the connection in its environment (no password on a command line)."""
    found = shutil.which(program) or _newest(program)
    if found is None:
        raise Unavailable(f"没有找到 {program}。", mend="请安装 PostgreSQL 客户端工具（postgresql-client）。")
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    env = os.environ | {pg: str(_database()[key]) for pg, key in names.items() if _database().get(key)}
    done = subprocess.run([found, *arguments], env=env, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Unavailable(f"{program} 没有成功。", mend=done.stderr.strip()[:500])


def _newest(program: str) -> str | None:
    """The newest PostgreSQL tool where Debian keeps them off the PATH."""
    return max((str(p) for p in Path("/usr/lib/postgresql").glob(f"*/bin/{program}")), default=None)


def read_backup(source: Path) -> str:
    """Restore into an empty database and data directory; returns a sentence.

    Raises Invalid for a file that is no backup or was changed, Conflict when there is data already.
    """
    with tempfile.TemporaryDirectory() as name, tarfile.open(source, "r:gz") as tar:
        folder = Path(name)
        try:
            tar.extractall(folder, filter="data")
            manifest = json.loads((folder / "manifest.json").read_text())
        except (tarfile.TarError, OSError, ValueError) as error:
            raise Invalid(f"{source} 不是一网的备份。", mend="请核对文件。") from error
        dump = folder / "database"
        if manifest.get("format") != _FORMAT or manifest.get("sha256") != _sha256(dump):
            raise Invalid("备份文件不完整或被改动。", mend="请换另一份备份。")
        if manifest["database"] != connection.vendor:
            raise Invalid(
                f"备份来自 {manifest['database']}，现在的数据库是 {connection.vendor}。",
                mend="请把 YIWANG_DATABASE_URL 设成同类数据库后再恢复。",
            )
        _require_empty()
        _load_database(dump)
        for part in (*_FOLDERS, "secret.key"):
            _put_back(folder / part, settings.DATA_DIR / part)
    return "已恢复。请运行 yiwang journal verify 核对日志，再启动服务。"


def _require_empty() -> None:
    if "casework_application" in connection.introspection.table_names():
        raise Conflict(
            "数据库里已经有数据。", mend="请指定一个空的数据库和数据目录（YIWANG_DATA_DIR）再恢复。"
        )


def _load_database(dump: Path) -> None:
    connection.close()
    if connection.vendor == "sqlite":
        target = Path(connection.settings_dict["NAME"])
        for leftover in (target, *target.parent.glob(f"{target.name}-*")):
            leftover.unlink(missing_ok=True)
        shutil.copyfile(dump, target)
    else:
        _run_pg("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={_database()['NAME']}", str(dump))


def _put_back(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True)
    elif source.exists():
        shutil.copy2(source, target)
        target.chmod(0o600)
