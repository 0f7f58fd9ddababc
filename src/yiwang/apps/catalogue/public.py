# SPDX-License-Identifier: Apache-2.0
"""The door of the catalogue: `current()` for what is offered now, `release(digest)` for a case."""

from __future__ import annotations

from .commands import draft_release, publish_release, review_release
from .domain.search import Found
from .past import PastDefinition, past_of
from .queries import (
    OpenRelease,
    ReleaseView,
    changes_in,
    current,
    current_digest,
    one_release,
    release,
    release_view,
    releases,
)

__all__ = [
    "Found",
    "OpenRelease",
    "PastDefinition",
    "ReleaseView",
    "changes_in",
    "current",
    "current_digest",
    "draft_release",
    "one_release",
    "past_of",
    "publish_release",
    "release",
    "release_view",
    "releases",
    "review_release",
]
