# SPDX-License-Identifier: Apache-2.0
"""How one definition read in each published release: without opening the releases whole.

Each look checks the release's digest over its digests, and the definition's digest over its content, so
what is told of the past is what was published then.
"""

from __future__ import annotations

import datetime as dt
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from yiwang.engines.definitions.packing import FORMAT
from yiwang.kernel.canonical import canonical_digest
from yiwang.kernel.errors import Invalid

from .models import Release, ReleaseState

_CHANGED = "存储的目录版本与版本号不符，内容可能被改动。"


@dataclass(frozen=True)
class PastDefinition:
    """A definition as one published release has it; `content` None: not in that release."""

    release: str
    published_at: dt.datetime
    summary: str
    content: Mapping[str, Any] | None


def past_of(folder: str, identity: str, *, limit: int = 500) -> list[PastDefinition]:
    """The definition in each of the newest `limit` published releases, newest first.

    Raises Invalid when a stored release no longer fits its digest.
    """
    rows = Release.objects.filter(state=ReleaseState.PUBLISHED.value).order_by("-published_at", "-id")
    found = rows.values_list("digest", "published_at", "summary")[:limit]
    return [
        PastDefinition(digest, published_at, summary, _folder(digest, folder).get(identity))
        for digest, published_at, summary in found
        if published_at is not None
    ]


_SAME: dict[str, Mapping[str, Any]] = {}
"""Digest → definition: releases that have the same one share it in memory."""


@lru_cache(maxsize=512)
def _folder(digest: str, folder: str) -> Mapping[str, Mapping[str, Any]]:
    content = Release.objects.values_list("content", flat=True).get(digest=digest)
    try:
        stored = json.loads(zlib.decompress(bytes(content)))
        digests, known = stored["digests"], stored["definitions"].get(folder, {})
    except (zlib.error, ValueError, KeyError, TypeError, AttributeError):
        raise _tampered() from None
    if canonical_digest({"format": FORMAT, "digests": digests}) != digest:
        raise _tampered()
    if {one: canonical_digest(each) for one, each in known.items()} != digests.get(folder, {}):
        raise _tampered()
    return {one: _SAME.setdefault(digests[folder][one], each) for one, each in known.items()}


def _tampered() -> Invalid:
    return Invalid(_CHANGED, mend="请从备份恢复，不要使用这个版本。")
