# SPDX-License-Identifier: Apache-2.0
"""The door of materials.

1. `store_file` checks an upload through and gives it a public id.
2. `keep` marks it as submitted; before that, `discard` throws it away.
3. `describe`, `content_of`, `owner_of` read; whoever calls them has decided that the actor may.
"""

from __future__ import annotations

from .commands import discard, keep, remove_orphans, store_file
from .domain.refusals import FileRefused
from .queries import StoredFile, content_of, describe, owner_of, stored_digests

__all__ = [
    "FileRefused",
    "StoredFile",
    "content_of",
    "describe",
    "discard",
    "keep",
    "owner_of",
    "remove_orphans",
    "store_file",
    "stored_digests",
]
