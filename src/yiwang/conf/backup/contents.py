# SPDX-License-Identifier: Apache-2.0
"""The files that rows of the database name: a backup must hold each, a restore must bring each back."""

from __future__ import annotations

from collections.abc import Iterable

from yiwang.apps.credit.public import stored_digests as reported
from yiwang.apps.licences.public import stored_digests as sealed
from yiwang.apps.materials.public import stored_digests as uploaded

_NAMED = {"files": uploaded, "licences": sealed, "credit-reports": reported}


def named_contents(using: str = "default") -> set[str]:
    """`folder/digest` of every upload and every sealed file, in the database with this alias."""
    return {f"{folder}/{digest}" for folder, digests in _NAMED.items() for digest in digests(using=using)}


def contents_among(paths: Iterable[str]) -> set[str]:
    """The same of files that are there, given by their paths in the data directory."""
    found = ((path.partition("/")[0], path.rpartition("/")[2]) for path in paths)
    return {f"{folder}/{name}" for folder, name in found if folder in _NAMED}
