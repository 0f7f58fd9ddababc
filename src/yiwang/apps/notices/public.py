# SPDX-License-Identifier: Apache-2.0
"""The door of notices: `notify` somebody in your own transaction; the rest happens by itself. Many letters
at once: `notify_many`."""

from __future__ import annotations

from .commands import (
    TOPIC,
    Carrier,
    Letter,
    deliver_text,
    mark_all_read,
    mark_read,
    notify,
    notify_many,
)
from .queries import NoticeView, box, unread

__all__ = [
    "TOPIC",
    "Carrier",
    "Letter",
    "NoticeView",
    "box",
    "deliver_text",
    "mark_all_read",
    "mark_read",
    "notify",
    "notify_many",
    "unread",
]
