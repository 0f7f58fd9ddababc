# SPDX-License-Identifier: Apache-2.0
"""The demo twin of a text-message platform: writes each text into a file, once per key.

`fail` makes it refuse, so that outages can be tried.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from yiwang.kernel.errors import Unavailable
from yiwang.kernel.ids import mask_phone


@dataclass
class DemoTexts:
    """Carries texts into a folder; the phone number in the file is masked."""

    folder: Path
    fail: bool = False

    def __call__(self, key: str, phone: str, words: str) -> None:
        """Carry one text. Raises Unavailable while `fail` is set."""
        if self.fail:
            raise Unavailable("短信平台没有应答。", mend="稍后自动重试。")
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{key.replace(':', '-')}.json"
        if path.exists():
            return  # as a real platform does: a key it has seen is dropped
        text = {"key": key, "to": mask_phone(phone), "words": words}
        half = path.with_suffix(f".{os.getpid()}.tmp")
        half.write_text(json.dumps(text, ensure_ascii=False), encoding="utf-8")
        half.rename(path)
