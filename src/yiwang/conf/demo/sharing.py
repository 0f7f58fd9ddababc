# SPDX-License-Identifier: Apache-2.0
"""Shared data: whoever buys a house agrees that departments are asked; what they know is neither typed nor
handed in again.

The departments' systems are the demo twins of `sources`; the grants are those of `grants`.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from yiwang.apps.casework.public import applications_of, drop_draft
from yiwang.apps.gateway import public as gateway
from yiwang.apps.identity import public as identity
from yiwang.apps.identity.public import Subject
from yiwang.apps.licences.public import held_by
from yiwang.apps.lookups.public import Consented, State, consented
from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.exchange import resources
from yiwang.kernel.actor import Actor, ActorKind, system
from yiwang.kernel.errors import Conflict

from . import corrections, provider
from .accounts import PASSWORD
from .applicant import Applicant, Errand, draft_of
from .browser import Page, Stumbled
from .city import HOME, invent
from .records import ID_CARD
from .sources import POLICE, make_sources, register_sources
from .stage import Stage

BUYER = "maifang"
"""The login name of whoever buys."""
_EVENT = "second-hand-house"
_CORRECTIONS = "YIWANG_CORRECTIONS_URLS"
_MAKER = system("示例城市")
_BUREAU = system("示例数据")
_PATIENCE = 20.0  # seconds until every department has answered, or was given up


@dataclass(frozen=True)
class Shared:
    """What shared data answered: which departments, how many questions and documents."""

    departments: tuple[str, ...]
    questions: int
    documents: int
    looks: int


@contextmanager
def departments_running(catalogue: Catalogue) -> Iterator[None]:
    """The departments' systems: made once, registered; the web services among them running."""
    folder = gateway.sources_folder()
    if not (folder / provider.FILE).exists():
        make_sources(invent(catalogue), folder)
    taking = corrections.running(folder / POLICE, gateway.system_public_pem())
    with provider.running(folder) as marriages, taking as address:
        register_sources(_BUREAU, marriages)
        os.environ[_CORRECTIONS] = f"{corrections.PROVIDER}={address}"  # for server and worker
        settings.ENV = settings.ENV | {"CORRECTIONS_URLS": {corrections.PROVIDER: address}}
        yield


def agree_to_sharing(stage: Stage) -> tuple[Shared, int]:
    """Play it; returns what came of it and how many pages were opened. Raises StepFailed."""
    step = stage.story.step
    person = _buyer()
    _tidy_up(person.public_id, person.name)
    home = stage.browser(BUYER)
    errand = Errand("买二手房", _EVENT, HOME, {}, {"resident-phone": person.phone})
    buyer = Applicant(home, stage.catalogue, errand, stage.story)
    with step("要买二手房，回答引导问题，开始办"):
        page = buyer.plan(buyer.find(home.open("/")))
        application = draft_of(buyer.start(page.follow("开始办理")))
    with step("看清要向谁查什么，同意查询") as note:
        page = home.open(f"/applications/{application}/shared-data").form(having="shown").press("all")
        asked = _answered(application)
        shared = _counted(stage.catalogue, asked)
        if not shared.departments:
            raise Stumbled("没有一个部门答复。", mend="；".join(one.words for one in asked))
        note(f"{'、'.join(shared.departments)}：少填 {shared.questions} 处，少交 {shared.documents} 份")
    with step("“谁看过我的数据”里看得到每一次查询") as note:
        page = home.open("/my-data/")
        missing = [one.receipt for one in asked if one.receipt and one.receipt not in _text(page)]
        if missing:
            raise Stumbled(f"有 {len(missing)} 次查询没有列出来。")
        note(f"{len(asked)} 次查询，逐次列出")
    return shared, home.pages


def _buyer() -> Subject:
    """Somebody married at home in the main district whose identity card has run out, with a login."""
    said = json.loads((gateway.sources_folder() / provider.FILE).read_text(encoding="utf-8"))
    married = [one["self"]["id"] for one in said if one["status"] == "已婚"]
    people = identity.people_by_number(married)
    here = {one.public_id: one for one in people.values() if one.place == HOME}
    today = timezone.localdate()
    cards = [one for one in held_by(here) if one.material == ID_CARD and not one.usable_on(today)]
    if not cards:
        raise Stumbled("示例城市里没有身份证过期的人。")
    buyer = here[min(one.holder for one in cards)]
    with suppress(Conflict):  # opened by an earlier run
        identity.open_account(_MAKER, username=BUYER, password=PASSWORD, owner=buyer.public_id)
    return buyer


def _tidy_up(person: str, name: str) -> None:
    """Drop the draft that an earlier run left."""
    actor = Actor(ActorKind.PERSON, person, name)
    for row in applications_of(actor):
        if row.life_event == _EVENT and row.stage == "draft":
            drop_draft(actor, row.id)


def _answered(application: str) -> list[Consented]:
    """How everything asked ended, once it has."""
    until = time.monotonic() + _PATIENCE
    while True:
        found = consented(application, now=timezone.now())
        if all(one.state is not State.ASKING for one in found) or time.monotonic() > until:
            return found
        time.sleep(0.1)


def _counted(catalogue: Catalogue, asked: list[Consented]) -> Shared:
    answered = [one for one in asked if one.answered]
    known = resources(catalogue)
    names = dict.fromkeys(catalogue.orgs[known[one.resource].provider].name for one in answered)
    told = {answer for one in answered for answer in one.answered}
    return Shared(
        tuple(names),
        sum(kind == "element" for kind, _ in told),
        sum(kind == "material" for kind, _ in told),
        len(asked),
    )


def _text(page: Page) -> str:
    return str(page.tree.text_content())
