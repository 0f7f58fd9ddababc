# SPDX-License-Identifier: Apache-2.0
"""Definitions as they are stored for years: every value in full, each named by its digest, all of them too.

The form is told in `release.py`, which reads it again.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yiwang.kernel.canonical import canonical_digest

from .kinds import Definition

FORMAT = "yiwang-release/1"

Digests = dict[str, dict[str, str]]


@dataclass(frozen=True)
class Packed:
    """A release ready to be stored: its digest, and its JSON (in UTF-8, keys in order) packed by zlib."""

    digest: str
    content: bytes


def packed(folders: Mapping[str, Mapping[str, Definition]]) -> Packed:
    """These definitions, given by folder and id, as they are stored."""
    told = dumped(folders)
    content = json.dumps(told, ensure_ascii=False, sort_keys=True).encode()
    return Packed(told["digest"], zlib.compress(content, 6))


def dumped(folders: Mapping[str, Mapping[str, Definition]]) -> dict[str, Any]:
    """The same as one JSON value."""
    definitions = {folder: dumped_folder(known) for folder, known in folders.items()}
    digests = digests_of(definitions)
    return {
        "format": FORMAT,
        "digest": digest_over(digests),
        "definitions": definitions,
        "digests": digests,
    }


def dumped_folder(known: Mapping[str, Definition]) -> dict[str, Any]:
    """The definitions of a folder as JSON values, in the order of their ids."""
    return {identity: one.model_dump(mode="json") for identity, one in sorted(known.items())}


def digests_of(definitions: Mapping[str, Mapping[str, Any]]) -> Digests:
    """The digest of each dumped definition, by folder and id. Empty folders do not count."""
    return {
        folder: {identity: canonical_digest(one) for identity, one in known.items()}
        for folder, known in definitions.items()
        if known
    }


def digest_over(digests: Digests) -> str:
    """The digest that names a release in which definitions have these digests."""
    return canonical_digest({"format": FORMAT, "digests": digests})
