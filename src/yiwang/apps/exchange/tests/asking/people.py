# SPDX-License-Identifier: Apache-2.0
"""Who acts in the tests of asking for data, and a request as they make it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from yiwang.apps.exchange import public as x
from yiwang.kernel.actor import ANONYMOUS, Actor, ActorKind, Post, Role, system

ASKER_ORG, PROVIDER = "health", "real-estate-registry"


def officer(name: str, *posts: Post) -> Actor:
    """An officer with these posts."""
    return Actor(ActorKind.OFFICER, f"o-{name}", name, posts)


ASKER = officer("asker", Post(Role.HANDLER, ASKER_ORG, "yicheng"))
COLLEAGUE = officer("colleague", Post(Role.APPROVER, ASKER_ORG))
REVIEWER = officer("reviewer", Post(Role.DATA, PROVIDER))
REVIEWER_TOO = officer("reviewer too", Post(Role.DATA, PROVIDER))
LEADER = officer("leader", Post(Role.APPROVER, PROVIDER))
BOTH = officer("both", Post(Role.DATA, PROVIDER), Post(Role.DATA, ASKER_ORG))
STRANGER = officer("stranger", Post(Role.DATA, "education"), Post(Role.APPROVER, "education"))
BUREAU = officer("bureau", Post(Role.DATA))
AUDITOR = officer("auditor", Post(Role.AUDITOR))
LOCAL_AUDITOR = officer("local auditor", Post(Role.AUDITOR, "", "xiping"))
SECURITY = officer("security", Post(Role.SECURITY, ASKER_ORG))
COUNTER = officer("counter", Post(Role.COUNTER, "", "yicheng"))
PERSON = Actor(ActorKind.PERSON, "p-wang", "王芳")
ALL = (
    *(ASKER, COLLEAGUE, REVIEWER, REVIEWER_TOO, LEADER, BOTH, STRANGER, BUREAU, AUDITOR, LOCAL_AUDITOR),
    *(SECURITY, COUNTER, PERSON, ANONYMOUS, system("测试")),
)


def wanted(**more: Any) -> x.NewRequest:
    """A good request; `more` replaces parts of it."""
    base = x.NewRequest(
        resource="house",
        org=ASKER_ORG,
        fields=("owner", "number", "area"),
        purpose="核对场所的权属，不再让申请人交证明",
        basis="食品安全法第三十五条",
        valid_from=dt.date(2026, 9, 21),
        valid_until=dt.date(2027, 9, 20),
        per_minute=60,
        per_day=2000,
        plain={"owner": "要与申请人姓名逐字比对"},
    )
    return replace(base, **more)


def asked(**more: Any) -> str:
    """A request that waits for review."""
    return x.ask(ASKER, wanted(**more))


def version(request: str) -> int:
    """Its version now."""
    return x.request_view(BUREAU, request).version


def decided(request: str, *, by: Actor = REVIEWER, **more: Any) -> str:
    """The grant that a decision makes, "" when it sends the request back."""
    return x.review(by, request, x.Decision(**{"grant": True, **more}), version=version(request))


def granted(**more: Any) -> str:
    """A grant of all that was asked."""
    return decided(asked(**more))
