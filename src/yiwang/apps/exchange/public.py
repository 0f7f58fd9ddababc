# SPDX-License-Identifier: Apache-2.0
"""The door of the exchange (数据共享).

1. The data catalogue as published: `resources`, `resource`, `versions`, `links`, `freed_by`.
2. Needs and the supply-and-demand list: `list_need`, `match_need`, `take_step`, `publish_needs`.
"""

from __future__ import annotations

from .commands.consents import (
    consent,
)
from .commands.grants import (
    revoke,
)
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
from .commands.requests import (
    NotComplete,
    NotToBeAskedFor,
    ask,
    mend,
    withdraw,
)
from .commands.review_timer import (
    look_after_requests,
)
from .commands.reviewing import (
    Decision,
    review,
)
from .domain.asking import State as RequestState
from .domain.grants import (
    GrantView,
    covers,
)
from .domain.needs import SAYS_WHY, NeedState, Side, Step, steps_of
from .domain.terms import (
    NewRequest,
    Terms,
    terms_of,
)
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
from .queries.grants import (
    GrantRow,
    active_grant,
    given,
    grant,
    grant_row,
    grants_of,
    received,
    still_granted,
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
from .queries.requests import (
    RequestRow,
    RequestView,
    consent_file,
    own_requests,
    request_view,
    review_counts,
    to_review,
)
from .requests_parts import (
    NoSuchGrant,
    NoSuchRequest,
    asks_for,
    leads,
    reads_for,
)

__all__ = [
    "SAYS_WHY",
    "Decision",
    "EditionView",
    "Facets",
    "Filters",
    "Freed",
    "GrantRow",
    "GrantView",
    "NeedFilters",
    "NeedState",
    "NeedView",
    "NewNeed",
    "NewRequest",
    "NoSuchGrant",
    "NoSuchNeed",
    "NoSuchRequest",
    "NotComplete",
    "NotToBeAskedFor",
    "RequestRow",
    "RequestState",
    "RequestView",
    "ResourceView",
    "Side",
    "Step",
    "Terms",
    "Version",
    "active_grant",
    "ask",
    "asks_for",
    "consent",
    "consent_file",
    "correct_need",
    "covers",
    "data_orgs",
    "edition",
    "editions",
    "facets",
    "freed_by",
    "given",
    "grant",
    "grant_row",
    "grants_of",
    "is_bureau",
    "leads",
    "links",
    "list_need",
    "look_after_requests",
    "match_need",
    "mend",
    "need",
    "need_counts",
    "needs",
    "own_requests",
    "publish_needs",
    "reads_for",
    "received",
    "request_view",
    "resource",
    "resources",
    "review",
    "review_counts",
    "revoke",
    "sides_of",
    "steps_of",
    "still_granted",
    "take_step",
    "terms_of",
    "to_review",
    "versions",
    "view",
    "withdraw",
]
