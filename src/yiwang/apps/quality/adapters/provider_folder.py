# SPDX-License-Identifier: Apache-2.0
"""The demo twin of a provider's own system: takes correction messages into a folder, each locked."""

from __future__ import annotations

import json
import os
from pathlib import Path

from yiwang.apps.quality.public import CorrectionMessage, Reply, Said
from yiwang.apps.vault.public import decrypt, encrypt


class DemoProvider:
    """Keeps one file per message; the same message again changes nothing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def carry(self, message: CorrectionMessage) -> Reply:
        """Take a message; the receipt is the file's name."""
        folder = self.folder / message.provider
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = folder / f"{message.id}.message"
        taken = Reply(Said.TAKEN, path.name)
        if path.exists():
            return taken
        fresh = path.with_suffix(".new")
        locked = encrypt(json.dumps(message.content(), ensure_ascii=False).encode(), about=message.id)
        with open(fresh, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as out:
            out.write(locked)
        fresh.replace(path)
        return taken

    def taken(self, provider: str) -> list[dict[str, str]]:
        """The messages of a provider, oldest first."""
        found = sorted((self.folder / provider).glob("*.message"))
        return [json.loads(decrypt(one.read_bytes(), about=one.stem)) for one in found]
