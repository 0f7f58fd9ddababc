# SPDX-License-Identifier: Apache-2.0
"""A small city for tests: a published catalogue, people, a firm, officers at two places, an errand.

The errand is six items of opening a restaurant that can be handed in without uploading a file: the
owner's papers are e-licences on record, two drawings are promised for later.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from unittest import mock

import pikepdf
from django.contrib.auth import get_user_model
from django.utils import timezone

from yiwang.apps.casework import public as casework
from yiwang.apps.catalogue.public import OpenRelease, current, draft_release, publish_release, review_release
from yiwang.apps.identity import public as identity
from yiwang.apps.licences.public import NewLicence, load_stock
from yiwang.engines import house
from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.kinds import Element
from yiwang.engines.definitions.kinds.elements import ElementType
from yiwang.engines.planning import AnswerSource
from yiwang.kernel.actor import ANONYMOUS, Actor, Post, Role, system
from yiwang.kernel.ids import make_id_number, make_uscc

HERE, ELSEWHERE = "yicheng", "xiping"
OFFICE, OTHER_OFFICE = "health", "education"
"""A department that handles items of the errand, and one that handles none."""
PASSWORD = "一个足够长的口令-8"
EVENT = "open-restaurant"
ANSWERS: dict[str, Any] = {
    "has-licence": True,
    "firm-kind": "个体工商户",
    "premises-county": HERE,
    "premises-area": "50",
    "seat-count": "12",
    "fire-check-way": "告知承诺",
    "has-shop-sign": False,
    "has-large-advertisement": False,
    "drainage-way": "由商场或物业统一排水",
    "staff-count": "2",
}
PROMISED = ("fire-rules", "fire-plan-drawing")
ITEMS = 6
_SETUP = system("测试准备")

_OFFICERS: dict[str, tuple[Post, ...]] = {
    "counter": (Post(Role.COUNTER, "", HERE),),
    "counter elsewhere": (Post(Role.COUNTER, "", ELSEWHERE),),
    "handler": (Post(Role.HANDLER, OFFICE, HERE),),
    "handler elsewhere": (Post(Role.HANDLER, OFFICE, ELSEWHERE),),
    "handler of another department": (Post(Role.HANDLER, OTHER_OFFICE, HERE),),
    "approver": (Post(Role.APPROVER, OFFICE, HERE),),
    "representative": (Post(Role.REPRESENTATIVE, OFFICE, HERE),),
    "catalogue": (Post(Role.CATALOGUE),),
    "auditor": (Post(Role.AUDITOR),),
    "auditor elsewhere": (Post(Role.AUDITOR, "", ELSEWHERE),),
    "operator": (Post(Role.OPERATOR),),
    "data": (Post(Role.DATA),),
    "data of a department": (Post(Role.DATA, OFFICE),),
    "security": (Post(Role.SECURITY, OFFICE),),
    "custodian": (Post(Role.CUSTODIAN, OFFICE, HERE),),
    "seals": (Post(Role.SEALS),),
}
PEOPLE = ("owner", "other", "representative of the firm", "agent", "former agent")
PERSONAS = ("anonymous", *PEOPLE, *_OFFICERS)
SORTS = (
    "anonymous",
    PEOPLE[0],
    *{tuple(p.role for p in posts): who for who, posts in _OFFICERS.items()}.values(),
)
"""One persona for each sort of actor: a route asks for a role only, not for whose or where."""


@dataclass(frozen=True)
class City:
    """Who lives and works here: persona → actor; the firm; persona → login name."""

    release: OpenRelease
    actors: Mapping[str, Actor]
    firm: str
    logins: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, persona: str) -> Actor:
        return self.actors[persona]

    @property
    def catalogue(self) -> Catalogue:
        """The definitions in force."""
        return self.release.catalogue

    def account(self, persona: str) -> Any:
        """The account of a persona, for a test client's `force_login`."""
        return get_user_model().objects.get(username=self.logins[persona])


@lru_cache(maxsize=1)
def definitions() -> Catalogue:
    """The definitions in the repository, read once per process."""
    return house.load()


@contextmanager
def definitions_read_once() -> Iterator[None]:
    """Within this block whoever reads the definitions gets them as they were read for all tests."""
    known = definitions()
    with mock.patch.object(house, "load", return_value=known):
        yield


def publish() -> OpenRelease:
    """Put the repository's definitions in force."""
    digest = draft_release(_SETUP, definitions(), summary="测试用目录版本")
    review_release(system("测试复核"), digest, approve=True)
    publish_release(_SETUP, digest)
    return current()


def build() -> City:
    """A city with every persona of `PERSONAS`, each with a login (password `PASSWORD`)."""
    release = publish()
    ids = {name: _person(name, number) for number, name in enumerate(PEOPLE, start=11)}
    firm = identity.register_firm(
        _SETUP,
        name="驻马店市测试餐饮有限公司",
        uscc=make_uscc("411702", 77),
        kind="公司",
        representative=ids["representative of the firm"],
        founded=dt.date(2020, 5, 6),
        address="驿城区雪松路2号",
    )
    ids |= {
        name: identity.appoint_officer(_SETUP, name=f"工作人员{number}", org=posts[0].org, posts=posts)
        for number, (name, posts) in enumerate(_OFFICERS.items(), start=1)
    }
    logins = {name: f"login{number}" for number, name in enumerate(ids, start=1)}
    for name, owner in ids.items():
        identity.open_account(_SETUP, username=logins[name], password=PASSWORD, owner=owner)
    city = City(release, {}, firm, logins)
    chief = identity.actor_of(city.account("representative of the firm"))
    identity.give_mandate(chief, firm, ids["agent"])
    identity.give_mandate(chief, firm, ids["former agent"])
    identity.revoke_mandate(chief, firm, ids["former agent"])
    for holder, serial in ((ids["owner"], 1), (ids["other"], 2), (firm, 3), (ids["agent"], 4)):
        give_papers(holder, serial)
    actors = {name: identity.actor_of(city.account(name)) for name in logins}
    return City(release, {"anonymous": ANONYMOUS, **actors}, firm, logins)


def _person(name: str, number: int) -> str:
    return identity.register_person(
        _SETUP,
        name="王" + "甲乙丙丁戊己庚"[number % 7],
        id_number=make_id_number("411702", dt.date(1985, 3, 4), number),
        phone=f"138000000{number}",
        address="驿城区雪松路1号",
    )


def give_papers(holder: str, serial: int) -> None:
    """Put on record the papers that the errand needs: identity card, licence, proof of premises."""
    papers = ("id-card", "business-licence", "premises-use-proof")
    since = timezone.localdate() - dt.timedelta(days=400)
    load_stock(
        _SETUP, [NewLicence(paper, f"测{serial:06d}", holder, OFFICE, valid_from=since) for paper in papers]
    )


def sample(element: Element) -> Any:
    """A right value for a data element, as somebody types it."""
    if element.choices:
        first = element.choices[0].value
        return [first] if element.type is ElementType.CHOICES else first
    return {
        ElementType.INTEGER: "3",
        ElementType.DECIMAL: "12",
        ElementType.MONEY: "10000",
        ElementType.DATE: (timezone.localdate() + dt.timedelta(days=10)).isoformat(),
        ElementType.BOOLEAN: False,
        ElementType.ID_NUMBER: make_id_number("411702", dt.date(1985, 3, 4), 11),
        ElementType.USCC: make_uscc("411702", 77),
        ElementType.PHONE: "13800000011",
        ElementType.PLACE: HERE,
        ElementType.ADDRESS: "驿城区雪松路1号",
    }.get(element.type, "测试")


def form(catalogue: Catalogue) -> dict[str, Any]:
    """Right values for everything the errand asks the applicant."""
    planned = casework.plan_for_visitor(casework.Errand(current(), EVENT, ANSWERS, timezone.localdate()))
    asked = [f.element for f in planned.form.fields if f.source is not AnswerSource.ANSWERS]
    return {element: sample(catalogue.elements[element]) for element in asked}


def draft(city: City, persona: str = "owner", *, subject: str = "", ready: bool = True) -> str:
    """A draft of the errand, begun by a persona for themselves or for `subject`; its public id.

    Args:
        ready: filled in, so that it can be submitted as it is.
    """
    actor = city[persona]
    made = casework.start_draft(actor, casework.NewDraft(EVENT, subject or actor.id, actor.id, HERE, ANSWERS))
    if ready:
        casework.save_form(actor, made, form(city.catalogue))
        casework.save_delivery(actor, made, method="electronic")
        for material in PROMISED:
            casework.promise_later(actor, made, material)
    return made


def submitted(city: City, persona: str = "owner", *, subject: str = "") -> str:
    """A submitted application of the errand; its public id."""
    made = draft(city, persona, subject=subject)
    casework.submit(city[persona], made, key=f"test-{made}")
    return made


def item_of(city: City, application: str, org: str = OFFICE) -> str:
    """The public id of the item case of an application that a department handles."""
    view = casework.application_view(system("测试"), application)
    return next(i.id for i in view.items if city.catalogue.items[i.item].org == org)


def api_body(city: City, persona: str = "owner") -> dict[str, Any]:
    """The same errand as one call of `POST /api/applications`."""
    own = city[persona].id
    return {
        "life_event": EVENT,
        "subject": own,
        "agent": own,
        "place": HERE,
        "answers": ANSWERS,
        "form": form(city.catalogue),
        "promised_documents": list(PROMISED),
        "delivery": "electronic",
    }


def pdf() -> bytes:
    """A good PDF of one empty page."""
    document, out = pikepdf.new(), io.BytesIO()
    document.add_blank_page()
    document.save(out)
    return out.getvalue()
