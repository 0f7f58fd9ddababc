# SPDX-License-Identifier: Apache-2.0
"""The door of the exchange (数据共享).

1. The data catalogue as published: `resources`, `resource`, `versions`, `links`, `freed_by`.
2. Needs and the supply-and-demand list: `list_need`, `match_need`, `take_step`, `publish_needs`.
"""

from __future__ import annotations

from .commands.needs import (
    NewNeed,
    NoSuchNeed,
    correct_need,
    list_need,
    match_need,
    publish_needs,
    sides_of,
    take_step,
)
from .domain.needs import SAYS_WHY, NeedState, Side, Step, steps_of
from .parts import data_orgs, is_bureau
from .queries.catalogue import (
    Facets,
    Filters,
    Freed,
    ResourceView,
    Version,
    facets,
    freed_by,
    links,
    resource,
    resources,
    versions,
    view,
)
from .queries.needs import (
    EditionView,
    NeedFilters,
    NeedView,
    edition,
    editions,
    need,
    need_counts,
    needs,
)

__all__ = [
    "SAYS_WHY",
    "EditionView",
    "Facets",
    "Filters",
    "Freed",
    "NeedFilters",
    "NeedState",
    "NeedView",
    "NewNeed",
    "NoSuchNeed",
    "ResourceView",
    "Side",
    "Step",
    "Version",
    "correct_need",
    "data_orgs",
    "edition",
    "editions",
    "facets",
    "freed_by",
    "is_bureau",
    "links",
    "list_need",
    "match_need",
    "need",
    "need_counts",
    "needs",
    "publish_needs",
    "resource",
    "resources",
    "sides_of",
    "steps_of",
    "take_step",
    "versions",
    "view",
]
