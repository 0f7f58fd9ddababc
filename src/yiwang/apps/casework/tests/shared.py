# SPDX-License-Identifier: Apache-2.0
"""Two departments with data about the people of the small errand.

`people` (public security) knows the address under the person's number and stands for the `proof` and the
`sketch`; `firms` (market) knows the seats of a firm.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from support import sharing
from yiwang.apps.lookups.public import Request
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


def theirs(request: Request, **more: Any) -> list[dict[str, Any]]:
    """The row about whoever is asked about, with only the fields asked for."""
    values = {"home": "自家路9号", "tel": "13900000000", "seats": 8, "name": "自家公司"}
    return sharing.theirs(request, **values | more)
