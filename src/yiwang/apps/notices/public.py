# SPDX-License-Identifier: Apache-2.0
"""The door of notices: `notify` somebody in your own transaction; the rest happens by itself."""

from __future__ import annotations

from .commands import TOPIC, Carrier, deliver_text, mark_all_read, mark_read, notify
from .queries import NoticeView, box, unread

__all__ = [
    "TOPIC",
    "Carrier",
    "NoticeView",
    "box",
    "deliver_text",
    "mark_all_read",
    "mark_read",
    "notify",
    "unread",
]
