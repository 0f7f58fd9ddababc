# SPDX-License-Identifier: Apache-2.0
"""Two departments with data about the people of the small errand, and an exchange that answers as told.

`people` (public security) knows the address under the person's number and stands for the `proof` and the
`sketch`; `firms` (market) knows the seats of a firm. Nothing is asked over a wire here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from yiwang.apps.identity.public import subject
from yiwang.apps.lookups.public import Granted, Reply, Request
from yiwang.engines.definitions import Catalogue
from yiwang.engines.definitions.release import digest_of
from yiwang.engines.exchange import Resource

from .small import CITE, small_catalogue

_BASE = {
    "library": "population",
    "summary": "测试",
    "sharing": "unconditional",
    "grade": "general_3",
    "cycle": "daily",
    "cite": CITE,
}


def _field(id_: str, type_: str, **more: Any) -> dict[str, Any]:
    return {"id": id_, "name": id_, "type": type_, "grade": "general_2", **more}


_PEOPLE = {
    **_BASE,
    **{"id": "people", "name": "人口信息", "provider": "public-security", "subject": "person"},
    "fields": [
        _field(
            "number", "id_number", mask="id_number", key=True, subject_id=True, element="resident-id-number"
        ),
        _field("home", "address", element="site", mask="address"),
        _field("tel", "phone", element="phone", mask="phone"),
        _field("seats", "integer", element="seats"),
    ],
    "answers": ["proof", "sketch"],
}
_FIRMS = {
    **_BASE,
    **{"id": "firms", "name": "企业信息", "provider": "market-regulation", "subject": "firm"},
    "library": "legal_person",
    "fields": [
        _field("code", "uscc", element="firm-uscc", key=True, subject_id=True),
        _field("seats", "integer", element="seats"),
        _field("name", "text", element="shop"),
    ],
    "answers": [],
}
ALL_FIELDS = {
    "people": frozenset({"number", "home", "tel", "seats"}),
    "firms": frozenset({"code", "seats", "name"}),
}


@lru_cache(maxsize=1)
def shared_catalogue() -> Catalogue:
    """The small catalogue with the two resources."""
    small = small_catalogue()
    known: dict[str, Any] = {
        one: Resource.model_validate(raw) for one, raw in (("people", _PEOPLE), ("firms", _FIRMS))
    }
    definitions: dict[str, Any] = {
        **{"sources": small.sources, "settings": small.settings, "orgs": small.orgs, "places": small.places},
        **{"elements": small.elements, "materials": small.materials, "items": small.items},
        **{"life_events": small.life_events, **small.others, "exchange": known},
    }
    return Catalogue.of(definitions, digest=digest_of(definitions))


Answer = Callable[[Request], Sequence[Mapping[str, Any]]]


@dataclass
class FakeExchange:
    """Grants everything to `orgs`, answers by `answer`, and remembers what was asked."""

    answer: Answer
    orgs: frozenset[str] = frozenset({"health", "taxation", "hrss", "education"})
    fields: Mapping[str, frozenset[str]] = field(default_factory=lambda: ALL_FIELDS)
    plain: frozenset[str] = frozenset({"home", "tel", "seats", "name"})
    asked: list[Request] = field(default_factory=list)

    def grant_of(self, resource: str, org: str, item: str, *, at: dt.datetime) -> Granted | None:
        """One grant for each department and resource."""
        if org not in self.orgs or resource not in self.fields:
            return None
        return Granted(f"g-{resource}-{org}", self.fields[resource], self.plain, "共享条例")

    def ask(self, request: Request, *, now: dt.datetime) -> Reply:
        """Remember, then answer."""
        self.asked.append(request)
        return Reply(self.answer(request), f"receipt-{len(self.asked)}")


def theirs(request: Request, **more: Any) -> list[dict[str, Any]]:
    """The row about whoever is asked about, with only the fields asked for."""
    row = {"number": subject(request.subject).number, "home": "自家路9号", "tel": "13900000000", "seats": 8}
    row |= {"code": subject(request.subject).number, "name": "自家公司"} | more
    return [{name: row[name] for name in request.fields}]
