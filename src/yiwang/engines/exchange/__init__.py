# SPDX-License-Identifier: Apache-2.0
"""Sharing data between departments (数据共享): the catalogue's kind, its words and checks.

`kinds` is how a resource is written, `words` the vocabulary, `checks` keeps definitions honest,
`links` ties materials, licences and resources, `versions` tells two releases of a resource apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from yiwang.engines.definitions import Catalogue

from .checks import check_resources
from .kinds import EXCHANGE_KINDS, FOLDER, Resource, ResourceField, ResourceId
from .links import Links, MaterialLink, links_of
from .words import Cycle, Form, Grade, Level, Library, Mask, NeedKind, Sharing

__all__ = [
    "EXCHANGE_KINDS",
    "Cycle",
    "Form",
    "Grade",
    "Level",
    "Library",
    "Links",
    "Mask",
    "MaterialLink",
    "NeedKind",
    "Resource",
    "ResourceField",
    "ResourceId",
    "Sharing",
    "check_resources",
    "links_of",
    "resources",
]


def resources(catalogue: Catalogue) -> Mapping[str, Resource]:
    """Resource id → resource, of everything in `catalogue`."""
    return cast("Mapping[str, Resource]", catalogue.others.get(FOLDER, {}))
