# SPDX-License-Identifier: Apache-2.0
"""Write a backup while the city goes on working."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from yiwang.apps.vault.admin import fingerprint as vault_fingerprint
from yiwang.apps.vault.public import key_place
from yiwang.conf.starting import require_database

from . import database
from .archive import FOLDERS, Writer, sum_of, writing
from .contents import contents_among, named_contents
from .keys import KEY, VAULT, fingerprint, key_is_kept

FORMAT = "yiwang-backup/1"


def write_backup(target: Path, *, with_vault: bool = False) -> str:
    """Write a backup; returns sentences saying where, how large, and what its digest is.

    The database is copied first. A file is written before the row that names it is committed and
    never changes, so all that the copy names are there afterwards, except uploads that their owner
    threw away in between and such as were lost before: those are listed in the manifest.

    Args:
        with_vault: put the keys of the vault in too; then whoever has the file can read everything.

    Raises Conflict when the file exists, Unavailable when something cannot be read or written.
    """
    require_database()
    with (
        writing(target) as writer,
        tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder,
    ):
        copy = Path(folder, "database")
        with database.snapshot(copy) as alias:
            manifest = _describe(alias)
            named = named_contents(using=alias)
        writer.add_file("database", copy)
        copy.unlink()
        missing = _add_files(writer, named)
        if with_vault and manifest["vault"]:
            writer.add_file(VAULT, key_place())
        writer.add_bytes("manifest.json", _as_json({**manifest, "missing_files": missing}))
    rows = sum(manifest["tables"].values())
    said = [
        f"已备份到 {target}：{target.stat().st_size / 1e6:.1f} MB，{rows} 行数据，"
        f"{len(named) - len(missing)} 个上传或签章的文件。",
        f"SHA-256：{sum_of(target)}（请另行记下，恢复时用 --sha256 核对）",
        "其中有个人信息和签名密钥，只有当前用户可读；移出本机前请加密。",
    ]
    if with_vault:
        said.append("数据加密密钥也在其中：拿到这个文件的人能读到全部数据，请严加保管。")
    elif manifest["vault"]:
        said.append(
            f"数据加密密钥（{key_place()}）不在备份里，请另行保管：没有它谁也打不开这份备份里的数据。"
        )
    if not key_is_kept():
        said.append("签名密钥由 YIWANG_SECRET_KEY 给出，不在备份里，请另行保管：没有它不能恢复。")
    if lost := set(missing) & named_contents():
        words = "个上传或签章的文件在数据目录中缺失，请检查磁盘，从以前的备份找回。"
        said.append(f"注意：有 {len(lost)} {words}")
    return "\n".join(said)


def _describe(alias: str) -> dict[str, Any]:
    applied = MigrationRecorder(connections[alias]).applied_migrations()
    return {
        "format": FORMAT,
        "written_at": timezone.localtime().isoformat(timespec="seconds"),
        "version": version("yiwang"),
        "database": connections[alias].vendor,
        "migrations": sorted(applied),
        "tables": database.counts(alias),
        "key": fingerprint(settings.SECRET_KEY),
        "vault": vault_fingerprint(),
    }


def _add_files(writer: Writer, named: set[str]) -> list[str]:
    """Add the data directory's folders and key; returns the contents that are named but not there."""
    for name in FOLDERS:
        writer.add_folder(name, settings.DATA_DIR / name)
    if key_is_kept():
        writer.add_file(KEY, settings.DATA_DIR / KEY)
    return sorted(named - contents_among(writer.sums))


def _as_json(manifest: Mapping[str, Any]) -> bytes:
    return json.dumps(manifest, ensure_ascii=False, indent=1).encode()
