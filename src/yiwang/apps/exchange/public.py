# SPDX-License-Identifier: Apache-2.0
"""The door of the exchange (数据共享).

1. The data catalogue as published: `resources`, `resource`, `versions`, `links`, `freed_by`.
2. Needs and the supply-and-demand list: `list_need`, `match_need`, `take_step`, `publish_needs`.
"""

from __future__ import annotations

from .cascade_platform import (
    CASCADE,
    ProvincialPlatform,
    Upward,
    pace,
)
from .commands.cascade_down import (
    read_province,
)
from .commands.cascade_up import (
    NewProvincialRequest,
    announce_needs,
    announce_users,
    ask_province,
    push_up,
)
from .commands.cascade_users import confirm_user
from .commands.census import NoSuchEntry, answer_entry, entry_yaml, hand_in, save_entry
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
from .commands.needs_following import follow_grants
from .commands.projects import (
    NoSuchProject,
    amend_project,
    gate_of,
    give_opinion,
    judged,
    register_project,
)
from .commands.requests import (
    NotComplete,
    NotToBeAskedFor,
    ask,
    mend,
    withdraw,
)
from .commands.returned_keeping import forget_returned
from .commands.review_timer import (
    look_after_requests,
)
from .commands.reviewing import (
    Decision,
    review,
)
from .domain.asking import State as RequestState
from .domain.cascading import (
    Feed,
    FeedPage,
    Pace,
)
from .domain.grants import (
    GrantView,
    covers,
)
from .domain.needs import SAYS_WHY, NeedState, Side, Step, steps_of
from .domain.projects import NewProject, Opinion
from .domain.projects import Stage as ProjectStage
from .domain.projects import State as ProjectState
from .domain.terms import (
    NewRequest,
    Terms,
    terms_of,
)
from .parts import data_orgs, is_bureau
from .queries.cascade import (
    BatchView,
    CascadeState,
    LinkView,
    ProvincialRequestView,
    ProvincialResourceView,
    cascade_state,
    provincial_request,
    provincial_requests,
    provincial_resource,
    provincial_resources,
)
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
from .queries.census import EntryView, entries, entry
from .queries.dcat import dcat_page
from .queries.grants import (
    GrantRow,
    active_grant,
    given,
    grant,
    grant_row,
    grants_of,
    received,
    still_granted,
    still_granted_sql,
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
from .queries.projects import (
    ProjectView,
    opinion_on,
    project,
    projects,
)
from .queries.provincial_users import ProvincialUserView, provincial_users
from .queries.requests import (
    RequestRow,
    RequestView,
    consent_file,
    own_requests,
    request_view,
    review_counts,
    review_days,
    to_review,
)
from .queries.returned import ReturnedNow, returned_content, returned_now, returned_rows
from .queries.sheet import as_csv, as_excel
from .requests_parts import (
    NoSuchGrant,
    NoSuchRequest,
    asks_for,
    leads,
    reads_for,
)

__all__ = [
    "CASCADE",
    "SAYS_WHY",
    "BatchView",
    "CascadeState",
    "Decision",
    "EditionView",
    "EntryView",
    "Facets",
    "Feed",
    "FeedPage",
    "Filters",
    "Freed",
    "GrantRow",
    "GrantView",
    "LinkView",
    "NeedFilters",
    "NeedState",
    "NeedView",
    "NewNeed",
    "NewProject",
    "NewProvincialRequest",
    "NewRequest",
    "NoSuchEntry",
    "NoSuchGrant",
    "NoSuchNeed",
    "NoSuchProject",
    "NoSuchRequest",
    "NotComplete",
    "NotToBeAskedFor",
    "Opinion",
    "Pace",
    "ProjectStage",
    "ProjectState",
    "ProjectView",
    "ProvincialPlatform",
    "ProvincialRequestView",
    "ProvincialResourceView",
    "ProvincialUserView",
    "RequestRow",
    "RequestState",
    "RequestView",
    "ResourceView",
    "ReturnedNow",
    "Side",
    "Step",
    "Terms",
    "Upward",
    "Version",
    "active_grant",
    "amend_project",
    "announce_needs",
    "announce_users",
    "answer_entry",
    "as_csv",
    "as_excel",
    "ask",
    "ask_province",
    "asks_for",
    "cascade_state",
    "confirm_user",
    "consent",
    "consent_file",
    "correct_need",
    "covers",
    "data_orgs",
    "dcat_page",
    "edition",
    "editions",
    "entries",
    "entry",
    "entry_yaml",
    "facets",
    "follow_grants",
    "forget_returned",
    "freed_by",
    "gate_of",
    "give_opinion",
    "given",
    "grant",
    "grant_row",
    "grants_of",
    "hand_in",
    "is_bureau",
    "judged",
    "leads",
    "links",
    "list_need",
    "look_after_requests",
    "match_need",
    "mend",
    "need",
    "need_counts",
    "needs",
    "opinion_on",
    "own_requests",
    "pace",
    "project",
    "projects",
    "provincial_request",
    "provincial_requests",
    "provincial_resource",
    "provincial_resources",
    "provincial_users",
    "publish_needs",
    "push_up",
    "read_province",
    "reads_for",
    "received",
    "register_project",
    "request_view",
    "resource",
    "resources",
    "returned_content",
    "returned_now",
    "returned_rows",
    "review",
    "review_counts",
    "review_days",
    "revoke",
    "save_entry",
    "sides_of",
    "steps_of",
    "still_granted",
    "still_granted_sql",
    "take_step",
    "terms_of",
    "to_review",
    "versions",
    "view",
    "withdraw",
]
