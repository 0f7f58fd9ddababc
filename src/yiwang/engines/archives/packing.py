# SPDX-License-Identifier: Apache-2.0
"""Write an archive package: a zip of stored members, a manifest, and two lists for stock tools."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from yiwang.kernel.errors import Invalid

FORMAT: Final = "yiwang-archive/1"
MANIFEST: Final = "manifest.json"
SUMS: Final = {"sha256": "SHA256SUMS", "sm3": "SM3SUMS"}
"""Digest → the list of it. Lines as `sha256sum` and `openssl dgst -r` write them."""

NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")
"""Names of members: plain, relative, without blanks, so that every tool of every time can read them."""

_EPOCH = (1980, 1, 1, 0, 0, 0)  # zip members carry no clock
_UNIX = 3


@dataclass(frozen=True)
class Member:
    """One file. `what` says in words what it is; `original` is the name it was handed in under."""

    content: bytes
    what: str
    original: str = ""


@dataclass(frozen=True)
class Retention:
    """How long the package must be kept. `years` None: for ever (永久).

    `counted_from` is the first day of the term; `source` says by which rule.
    """

    years: int | None
    counted_from: dt.date
    source: str

    @property
    def until(self) -> dt.date | None:
        """The last day of the term; None: without end."""
        if self.years is None:
            return None
        first = self.counted_from
        return first.replace(year=first.year + self.years) - dt.timedelta(days=1)


def pack(members: Mapping[str, Member], about: Mapping[str, Any], retention: Retention) -> bytes:
    """The bytes of the package.

    Args:
        about: what the package is about; plain JSON values.

    Raises Invalid for a member name that is not plain (see `NAME`), or one of the package's own.
    """
    for name in members:
        if not NAME.fullmatch(name) or name in (MANIFEST, *SUMS.values()):
            raise Invalid(f"归档包里不能有名为“{name}”的文件。", mend="文件名只用字母、数字、点、横线。")
    manifest = as_json(
        {
            "format": FORMAT,
            "about": dict(about),
            "retention": retention_json(retention),
            "files": [_entry(name, member) for name, member in sorted(members.items())],
        }
    )
    contents = {name: member.content for name, member in members.items()} | {MANIFEST: manifest}
    lists = {SUMS[kind]: sums(kind, contents).encode() for kind in SUMS}
    return _zipped(contents | lists)


def retention_json(retention: Retention) -> dict[str, Any]:
    """The term of keeping as the manifest says it."""
    until = retention.until
    return {
        "term": "永久" if retention.years is None else f"定期{retention.years}年",
        "years": retention.years,
        "counted_from": retention.counted_from.isoformat(),
        "until": until.isoformat() if until else None,
        "source": retention.source,
    }


def _entry(name: str, member: Member) -> dict[str, Any]:
    return {
        "name": name,
        "what": member.what,
        "original": member.original,
        "size": len(member.content),
        "sha256": hashlib.sha256(member.content).hexdigest(),
        "sm3": hashlib.new("sm3", member.content).hexdigest(),
    }


def sums(kind: str, contents: Mapping[str, bytes]) -> str:
    """A list of digests: `sha256sum --check` reads the one, `openssl dgst -sm3 -r` writes the other."""
    between = " *" if kind == "sm3" else "  "
    return "".join(
        f"{hashlib.new(kind, content).hexdigest()}{between}{name}\n"
        for name, content in sorted(contents.items())
    )


def file_name(folder: str, number: int, kind: str) -> str:
    """A plain name for a file that somebody handed in: its folder, its number, its kind by content."""
    return f"{folder}/{number}.{kind}"


def as_json(value: Any) -> bytes:
    """The same value gives the same bytes."""
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, default=str).encode() + b"\n"


def _zipped(members: Mapping[str, bytes]) -> bytes:
    """Stored, not compressed: another compressor's version would give other bytes, and nothing that
    unpacks to more than it is can hide in it."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_STORED) as archive:
        for name, content in sorted(members.items()):
            info = zipfile.ZipInfo(name, _EPOCH)
            info.create_system, info.external_attr = _UNIX, 0o600 << 16
            archive.writestr(info, content)
    return body.getvalue()
