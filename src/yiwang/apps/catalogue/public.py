# SPDX-License-Identifier: Apache-2.0
"""The door of the catalogue: `current()` for what is offered now, `release(digest)` for a case."""

from __future__ import annotations

from .commands import draft_release, publish_release, review_release
from .domain.search import Found
from .queries import OpenRelease, ReleaseView, current, release, releases

__all__ = [
    "Found",
    "OpenRelease",
    "ReleaseView",
    "current",
    "draft_release",
    "publish_release",
    "release",
    "releases",
    "review_release",
]
