# SPDX-License-Identifier: Apache-2.0
"""The province's exchange platform as this room knows it; an adapter speaks to the real one."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Protocol

from yiwang.apps.catalogue.public import current
from yiwang.engines.definitions import whole

from .domain.cascading import Feed, FeedPage, Pace

CASCADE = "exchange.cascade"
"""The topic of the messages that go up."""


class Upward(StrEnum):
    """What goes up."""

    REQUEST = "requests"  # 数据申请
    USERS = "users"  # 用户管理
    NEEDS = "needs"  # 供需对接


class ProvincialPlatform(Protocol):
    """The province's platform. A key it has seen is the same delivery; a feed is read by a cursor."""

    def push(self, what: Upward, key: str, content: Mapping[str, Any]) -> str:
        """Hand something over; returns the receipt. Raises Unavailable, Conflict."""

    def feed(self, feed: Feed, after: str) -> FeedPage:
        """What came since a cursor ("" from the beginning). Raises Unavailable, Conflict."""

    def content(self, number: str) -> bytes:
        """The lines of a batch that flows back. Raises Unavailable, Conflict."""


def pace() -> Pace:
    """How the link is kept, as the release in force says. Raises Unavailable."""
    catalogue = current().catalogue
    return Pace(
        seconds=whole(catalogue, "exchange-province-seconds"),
        most_bytes=whole(catalogue, "exchange-province-megabytes") * 1024 * 1024,
        every=whole(catalogue, "exchange-province-every-seconds"),
        longest_pause=whole(catalogue, "exchange-province-longest-pause-minutes"),
    )
