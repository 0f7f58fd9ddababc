# SPDX-License-Identifier: Apache-2.0
"""A delivery in batches (分批交付): its states, its forms, the manifest that proves it whole."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from yiwang.kernel.canonical import canonical_json
from yiwang.kernel.termed import Termed

OBJECTED = "数据异议"  # the column that says in words which records somebody objects to
EXCEL_ROWS = 1_048_576  # of a sheet, by the format (ECMA-376), the heading among them


class BatchState(Termed):
    """How far a delivery is."""

    WAITING = "waiting", "等待生成"
    RUNNING = "running", "正在生成"
    READY = "ready", "可以下载"
    STOPPED = "stopped", "已停止"
    REMOVED = "removed", "文件已删除"

    @property
    def is_open(self) -> bool:
        """Whether there is still something to make."""
        return self in (BatchState.WAITING, BatchState.RUNNING)


class Form(Termed):
    """What the files are."""

    CSV = "csv", "CSV（UTF-8）"
    PARQUET = "parquet", "Parquet"
    XLSX = "xlsx", "Excel"


def sha256(data: bytes) -> str:
    """The digest of a file, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def whole_digest(parts: Iterable[str]) -> str:
    """The digest over the digests of all files, in their order: one changed, missing or misplaced file
    changes it."""
    return sha256("\n".join(parts).encode("ascii"))


def manifest(told: Mapping[str, Any], parts: Sequence[Mapping[str, Any]]) -> bytes:
    """The manifest: what was delivered to whom under which grant, and every file with its rows and digest."""
    digests = [str(part["sha256"]) for part in parts]
    return canonical_json(
        {
            **told,
            "files": [dict(part) for part in parts],
            "rows": sum(int(part["rows"]) for part in parts),
            "sha256": whole_digest(digests),
        }
    )
