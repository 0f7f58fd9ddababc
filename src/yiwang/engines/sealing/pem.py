# SPDX-License-Identifier: Apache-2.0
"""PEM: base64 between two lines (RFC 7468)."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode, b64encode

from yiwang.engines.sealing.errors import SealingError

_WIDTH = 64


def write(label: str, content: bytes) -> bytes:
    """One PEM block."""
    text = b64encode(content).decode()
    rows = [text[at : at + _WIDTH] for at in range(0, len(text), _WIDTH)]
    return "\n".join([f"-----BEGIN {label}-----", *rows, f"-----END {label}-----", ""]).encode()


def read(label: str, data: bytes) -> list[bytes]:
    """The contents of every block with this label, in order. Raises SealingError for broken base64."""
    begin, end = f"-----BEGIN {label}-----".encode(), f"-----END {label}-----".encode()
    if begin not in data:
        return []
    found = re.findall(re.escape(begin) + rb"\s([A-Za-z0-9+/=\s]*?)" + re.escape(end), data)
    try:
        return [b64decode(re.sub(rb"\s", b"", body), validate=True) for body in found]
    except binascii.Error:
        raise SealingError("PEM 文件里的内容不完整。", mend="请重新取得文件。") from None
