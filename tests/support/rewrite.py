# SPDX-License-Identifier: Apache-2.0
"""Take a backup apart and put it together again, changed: what a forger can do."""

from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Mapping
from pathlib import Path

LIST = "SHA256SUMS"


def read(file: Path) -> dict[str, bytes]:
    """Every member and its content, in order."""
    members = {}
    with tarfile.open(file) as tar:
        for member in tar:
            content = tar.extractfile(member)
            assert content is not None
            members[member.name] = content.read()
    return members


def write(file: Path, members: Mapping[str, bytes], *, kinds: Mapping[str, bytes] | None = None) -> None:
    """Write members in this order. `kinds`: those that are no plain file, by tar's letter."""
    with tarfile.open(file, "w:gz") as tar:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.type = (kinds or {}).get(name, tarfile.REGTYPE)
            entry.linkname = "" if entry.isreg() else "/etc/passwd"
            entry.size = len(content) if entry.isreg() else 0
            tar.addfile(entry, io.BytesIO(content))


def listed(members: Mapping[str, bytes]) -> dict[str, bytes]:
    """The members with a list that fits them, at the end."""
    others = {name: content for name, content in members.items() if name != LIST}
    lines = [f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in others.items()]
    return {**others, LIST: "".join(lines).encode()}
