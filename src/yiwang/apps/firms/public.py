# SPDX-License-Identifier: Apache-2.0
"""The door of requests of firms (企业诉求, 万人助万企).

1. A firm's representative or agent raises one (`raise_request`, files by `store_attachment`): it has a number
   and a clock at once. What has no department waits at the firms' window (`dispatch`).
2. The department replies with what it did (`reply`), or says once that it is not its own (`send_back`).
3. The firm rates (`rate`): not settled, it is handled once more under supervision.
4. `assign_officer`: who looks after a firm; `serving` tells.
5. At the counter a clerk takes one down for whoever stands there (`NewRequest.agent`), finds it again
   (`requests_of_visitor`, `request_of_visitor`), hands the reply over (`hand_over`).
6. `tallies` are published. The worker calls `look_after_requests`.
"""

from __future__ import annotations

from .commands.answering import Reply, dispatch, look_after_requests, reply, send_back
from .commands.raising import NewRequest, raise_request, rate, store_attachment
from .commands.serving import assign_officer
from .counter import hand_over, request_of_visitor, requests_of_visitor, taken_down
from .counting import Tally, tallies
from .domain.requests import Part, State
from .domain.settings import FILES, LICENCE_WARNS, LIMITS, categories
from .parts import ANSWERS, NoSuchRequest, at_desk
from .queries import (
    RequestRow,
    RequestView,
    ServingView,
    TurnView,
    attachment,
    request_view,
    requests,
    serving,
)

__all__ = [
    "ANSWERS",
    "FILES",
    "LICENCE_WARNS",
    "LIMITS",
    "NewRequest",
    "NoSuchRequest",
    "Part",
    "Reply",
    "RequestRow",
    "RequestView",
    "ServingView",
    "State",
    "Tally",
    "TurnView",
    "assign_officer",
    "at_desk",
    "attachment",
    "categories",
    "dispatch",
    "hand_over",
    "look_after_requests",
    "raise_request",
    "rate",
    "reply",
    "request_of_visitor",
    "request_view",
    "requests",
    "requests_of_visitor",
    "send_back",
    "serving",
    "store_attachment",
    "taken_down",
    "tallies",
]
