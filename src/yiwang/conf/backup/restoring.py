# SPDX-License-Identifier: Apache-2.0
"""Restore a backup into an empty database and an empty data directory, or change nothing."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from yiwang.apps.journal.public import verify
from yiwang.conf.starting import newer_migrations, require_database, require_migrated
from yiwang.kernel.errors import Conflict, Invalid

from . import database
from .archive import FOLDERS, sum_of, unpack
from .contents import contents_among, named_contents
from .keys import KEY, fingerprint, key_is_kept, place_vault, require_vault
from .writing import FORMAT

Manifest = Mapping[str, Any]


def read_backup(source: Path, *, sha256: str = "", had_key: bool = True) -> str:
    """Restore; returns sentences saying what is there now. The database is loaded last, all or nothing.

    Args:
        sha256: the digest noted when the backup was written, if any.
        had_key: there was a signing key in the data directory before this command began.

    Raises:
        Invalid: the file is no backup, was cut off or changed; or the journal in it does not verify.
        Conflict: there is data already, or backup and deployment do not fit.
        Unavailable: the database or the disk does not answer.
    """
    if sha256 and sum_of(source) != sha256.lower():
        raise Invalid(f"{source} 的 SHA-256 与所给的不同，被改动过或拿错了。", mend="请换另一份备份。")
    _require_empty()
    folder = Path(tempfile.mkdtemp(dir=settings.DATA_DIR, prefix=".restore-"))
    moved: list[Path] = []
    try:
        unpack(source, folder)
        manifest = _read_manifest(folder)
        _require_fit(manifest, folder)
        for name in FOLDERS:
            if (folder / name).is_dir():
                moved.append(_move(folder / name, settings.DATA_DIR / name))
        if (folder / KEY).exists():
            _place_key(folder / KEY, keep=had_key)
        place_vault(folder)
        database.load(folder / "database")
        moved.clear()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        for one in moved:  # the database was not loaded: leave nothing
            shutil.rmtree(one, ignore_errors=True)
    database.gather_statistics()
    return _verified(manifest)


def _require_empty() -> None:
    mend = "请指定一个空的数据库和数据目录（YIWANG_DATABASE_URL、YIWANG_DATA_DIR）；不要先运行 yiwang setup。"
    require_database(may_be_new=True)
    if connection.introspection.table_names():
        raise Conflict("数据库里已经有数据。", mend=mend)
    for name in FOLDERS:
        if any((settings.DATA_DIR / name).rglob("*")):
            raise Conflict(f"数据目录里已经有文件（{settings.DATA_DIR / name}）。", mend=mend)


def _read_manifest(folder: Path) -> Manifest:
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        fits = manifest["format"] == FORMAT and (folder / "database").is_file()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Invalid("这不是一网的备份。", mend="请核对文件。") from error
    if not fits:
        raise Invalid(f"备份的格式是 {manifest['format']}，这里只认 {FORMAT}。", mend="请用写它的版本恢复。")
    return dict(manifest)


def _require_fit(manifest: Manifest, folder: Path) -> None:
    if manifest["database"] != connection.vendor:
        raise Conflict(
            f"备份来自 {manifest['database']}，现在的数据库是 {connection.vendor}。",
            mend="请把 YIWANG_DATABASE_URL 设成同类数据库后再恢复。",
        )
    if newer := newer_migrations([(app, name) for app, name in manifest["migrations"]]):
        raise Conflict(f"备份来自更新的版本（{newer[0]}）。", mend="请安装写这份备份的版本或更新的版本。")
    kept = (folder / KEY).read_text(encoding="ascii").strip() if (folder / KEY).exists() else ""
    ours = kept if key_is_kept() else settings.SECRET_KEY
    if fingerprint(ours) != manifest["key"]:
        raise Conflict(
            "签名密钥与备份时的不同。",
            mend="请取消 YIWANG_SECRET_KEY。" if kept else "请把 YIWANG_SECRET_KEY 设成备份时的值后再恢复。",
        )
    require_vault(manifest.get("vault", {}), folder)


def _move(source: Path, target: Path) -> Path:
    if target.exists():
        shutil.rmtree(target)  # empty: we looked
    source.rename(target)
    return target


def _place_key(restored: Path, *, keep: bool) -> None:
    """Put the key in its place. One that was there may be another database's: it is kept aside."""
    place = settings.DATA_DIR / KEY
    if keep and place.exists() and place.read_bytes() != restored.read_bytes():
        place.rename(place.with_name(f"{KEY}.before-{timezone.localtime():%Y%m%dT%H%M%S}"))
    restored.replace(place)


def _verified(manifest: Manifest) -> str:
    """What is there now, after counting it and going through the journal. Raises Invalid."""
    if (now := database.counts()) != dict(manifest["tables"]):
        wrong = sorted(name for name, rows in manifest["tables"].items() if now.get(name) != rows)
        raise Invalid(f"恢复后的行数与备份时不同：{'、'.join(wrong)}。", mend="请清空数据库后重新恢复。")
    said = [f"已恢复 {manifest['written_at']} 的备份：{sum(now.values())} 行数据，行数逐表核对无误。"]
    try:
        require_migrated()
    except Conflict:
        said.append("备份来自较旧的版本：请运行 yiwang setup 升级，再运行 yiwang journal verify 核对日志。")
        return "\n".join(said)
    found = (path.relative_to(settings.DATA_DIR).as_posix() for path in settings.DATA_DIR.rglob("*"))
    lost = named_contents() - contents_among(found)
    if lost - set(manifest["missing_files"]):
        raise Invalid(f"有 {len(lost)} 个上传或签章的文件没有恢复。", mend="请换另一份备份。")
    if lost:
        said.append(f"有 {len(lost)} 个上传或签章的文件备份时就已不在（多为刚被申请人删除的草稿附件）。")
    if problems := [str(one) for one in verify()]:
        mend = f"数据已恢复，但请先查明再启动服务。第一处：{problems[0]}"
        raise Invalid(f"备份中的日志有 {len(problems)} 处问题。", mend=mend)
    said.append("日志核对无误，可以启动。另行记下过批次摘要的，请再用 yiwang journal verify --known 核对。")
    return "\n".join(said)
