# SPDX-License-Identifier: Apache-2.0
"""An entry's proof as plain files that anybody checks with bash and OpenSSL: nothing of ours is needed.

| file | what it is |
|---|---|
| `entry.json` | the entry, canonical JSON: its SHA-256 is the leaf |
| `path.txt` | the neighbours on the way to the day's root |
| `day.txt` | what is said of the day: its root, and the digest of the day before |
| `day.signed.der`, `day.signature.der`, `day.certificate.pem` | the seal on `day.txt`, taken apart |
| `seal.…` | the seal itself, by its maker |
| `check.sh`, `CHECK.md` | the commands, and what they show |

Whatever else the caller adds (the form, for a receipt) is named by its SM3 in the entry.
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from yiwang.engines import sealing

from .proofs import Proof

_TEXTS = Path(__file__).parent / "templates" / "journal"
FORM = "form.txt"


def check_script() -> str:
    """The commands that check a proof: the same for every proof, and those of the guide."""
    return (_TEXTS / "check.sh").read_text(encoding="utf-8")


def kit_of(proof: Proof, more: Mapping[str, bytes] | None = None) -> dict[str, bytes]:
    """The files of a proof, by name. `more`: further files, e.g. the form that the entry names."""
    with tempfile.TemporaryDirectory() as folder:
        sealing.write_openssl_kit(proof.seal, Path(folder))
        parts = {
            path.name.replace("document.", "day."): path.read_bytes()
            for path in sorted(Path(folder).iterdir())
        }
    parts = {name: content for name, content in parts.items() if not name.endswith(".certificate.der")}
    return {
        "entry.json": proof.entry,
        "path.txt": proof.path(),
        "day.txt": proof.statement,
        **parts,
        **(more or {}),
        "check.sh": check_script().encode(),
        "CHECK.md": (_TEXTS / "check.md").read_bytes(),
    }


def write_kit(files: Mapping[str, bytes], directory: Path) -> None:
    """Write the files into a directory, made if it is not there. Raises OSError."""
    directory.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (directory / name).write_bytes(content)


def zipped(files: Mapping[str, bytes], folder: str) -> bytes:
    """The files as one ZIP, in a folder of this name; the same files give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(f"{folder}/{name}", (2000, 1, 1, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
