# SPDX-License-Identifier: Apache-2.0
"""Needs of data (数据需求) and their list (供需对接清单): each step locked, told, in the journal."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.journal.public import record
from yiwang.engines import exchange
from yiwang.engines.exchange import Level, NeedKind, Sharing
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from yiwang.kernel.ids import new_public_id

from ..domain.needs import SAYS_WHY, NeedState, Side, Step, after, steps_of
from ..models import Need, NeedEdition, NeedStep
from ..parts import data_orgs, is_bureau, require_bureau, require_data_officer

TITLE, WANTS, WORDS = 100, 1000, 500
"""The longest title, description and words."""


@dataclass(frozen=True)
class NewNeed:
    """A need as a department writes it: which department, for what, which items of data, for which item
    of business. `resource`: when the catalogue already has it."""

    org: str
    kind: NeedKind
    title: str
    wants: str
    item: str = ""
    resource: str = ""
    level: Level = Level.CITY
    place: str = ""


class NoSuchNeed(NotFound):
    """There is none."""

    def __init__(self) -> None:
        super().__init__("没有这条数据需求。", mend="请回到需求清单，从中选择。")


@transaction.atomic
def list_need(actor: Actor, new: NewNeed) -> str:
    """Put a need on the list; returns its public id.

    Raises NotAllowed: not the department's data officer. Invalid: something is missing or unknown.
    """
    require_data_officer(actor, new.org)
    _check(new)
    now = timezone.now()
    row = Need.objects.create(
        public_id=new_public_id("need"),
        org=new.org,
        level=new.level.value,
        place=new.place,
        kind=new.kind.value,
        title=new.title.strip(),
        wants=new.wants.strip(),
        item=new.item,
        resource=new.resource,
        provider=_provider(new.resource) if new.resource else "",
        state=NeedState.LISTED.value,
        listed_at=now,
        changed_at=now,
    )
    _note(actor, row, was="", words="")
    return row.public_id


def _check(new: NewNeed) -> None:
    catalogue = current().catalogue
    for value, most, name, words in (
        (new.title, TITLE, "title", "需求名称"),
        (new.wants, WANTS, "wants", "需要哪些信息"),
    ):
        if not value.strip():
            raise Invalid(f"请写明{words}。", mend="写一两句白话就行。", field=name)
        if len(value.strip()) > most:
            raise Invalid(f"{words}最多 {most} 个字。", mend="请写短一些。", field=name)
    if new.item and new.item not in catalogue.items:
        raise Invalid("没有这个事项。", mend="请从列表里选择事项，或不选。", field="item")
    if (new.level is Level.COUNTY) != bool(new.place) or (new.place and new.place not in catalogue.places):
        raise Invalid("县级需求要选县区，市级需求不选。", mend="请核对清单层级和县区。", field="place")
    if new.resource:
        _provider(new.resource)


def _provider(resource: str) -> str:
    known = exchange.resources(current().catalogue).get(resource)
    if known is None or not known.valid_on(timezone.localdate()):
        raise Invalid("目录里没有这个数据资源。", mend="请从数据目录里选择，或留空。", field="resource")
    if known.sharing is Sharing.NOT_SHARED:
        raise Invalid(
            f"“{known.name}”依法不予共享。", mend="请换一个资源，或与提供部门商量别的办法。", field="resource"
        )
    return known.provider


@transaction.atomic
def match_need(
    actor: Actor, need: str, *, version: int, resource: str = "", provider: str = "", words: str = ""
) -> None:
    """The bureau finds who can supply: a resource of the catalogue, or a department that has to make one.

    Raises NoSuchNeed; NotAllowed; Invalid: neither named; Conflict: stale page or wrong state.
    """
    require_bureau(actor)
    row = _locked(need, version)
    if resource:
        provider = _provider(resource)
    elif provider not in current().catalogue.orgs:
        raise Invalid("请选择数据资源，或供给部门。", mend="目录里还没有的，先选供给部门。", field="provider")
    now = after(NeedState(row.state), Step.MATCH)
    row.resource, row.provider = resource, provider
    move(actor, row, now, words)


@transaction.atomic
def take_step(actor: Actor, need: str, step: Step, *, version: int, words: str = "") -> None:
    """Connect, use, dispute, settle or close a need.

    Raises NoSuchNeed; NotAllowed: not this side's step; Invalid: words are missing; Conflict: stale page
    or the step does not follow.
    """
    row = _locked(need, version)
    state = NeedState(row.state)
    if step is Step.MATCH:
        raise Invalid("转给供给部门要选资源或部门。", mend="请在需求页上选择后再转。")
    if step in SAYS_WHY and not words.strip():
        raise Invalid(f"“{step.term}”要写明情况。", mend="请写一两句说明。", field="words")
    before = (
        NeedState(row.steps.filter(now=NeedState.DISPUTED.value).latest("id").was)
        if (state is NeedState.DISPUTED)
        else None
    )
    now = after(state, step, before_dispute=before)
    if step not in steps_of(state, sides_of(actor, row.org, row.provider)):
        raise NotAllowed(
            f"您不能“{step.term}”。", mend="请由需求部门、供给部门或数据管理局的数据管理员办理。"
        )
    move(actor, row, now, words)


def sides_of(actor: Actor, org: str, provider: str) -> frozenset[Side]:
    """On which sides of a need the actor stands."""
    mine = data_orgs(actor)
    known = ((Side.USER, org in mine), (Side.SUPPLIER, bool(provider) and provider in mine))
    return frozenset(side for side, is_so in (*known, (Side.BUREAU, is_bureau(actor))) if is_so)


@transaction.atomic
def correct_need(actor: Actor, need: str, new: NewNeed, *, version: int) -> None:
    """The department corrects what it wrote while nobody has answered yet.

    Raises NoSuchNeed, NotAllowed, Invalid; Conflict: stale page, or already matched.
    """
    row = _locked(need, version)
    require_data_officer(actor, row.org)
    if new.org != row.org:
        raise Invalid("需求部门不能改。", mend="请办结这一条，由另一部门重新提出。", field="org")
    if NeedState(row.state) is not NeedState.LISTED:
        raise Conflict("已经转给供给部门，不能再改。", mend="有变化请提出争议，或办结后重新提出。")
    _check(new)
    row.kind, row.title, row.wants = new.kind.value, new.title.strip(), new.wants.strip()
    row.item, row.level, row.place = new.item, new.level.value, new.place
    row.resource, row.provider = new.resource, _provider(new.resource) if new.resource else ""
    move(actor, row, NeedState.LISTED, "修改了内容")


@transaction.atomic
def publish_needs(actor: Actor) -> int:
    """Publish the list as it stands as a new edition; returns its number.

    Raises NotAllowed; Invalid: there is nothing new since the last edition; Conflict: somebody was quicker.
    """
    require_bureau(actor)
    last = NeedEdition.objects.select_for_update().order_by("-number").first()
    rows = Need.objects.exclude(state=NeedState.CLOSED.value).order_by("level", "place", "org", "id")
    names = ("public_id", "org", "level", "place", "kind", "title", "item", "resource", "provider", "state")
    entries = [dict(each) for each in rows.values(*names)]
    if entries == (last.entries if last else []):
        raise Invalid("清单从上次发布以来没有变化。", mend="有新的需求或进展后再发布。")
    number, now = (last.number if last else 0) + 1, timezone.now()
    try:
        with transaction.atomic():
            NeedEdition.objects.create(
                number=number, published_at=now, published_by=actor.id, entries=entries
            )
    except IntegrityError:
        raise Conflict("别人刚刚发布了清单。", mend="请刷新后核对。") from None
    detail = {"number": number, "entries": len(entries)}
    record(actor, "needs.published", stream="exchange:needs", about=str(number), detail=detail)
    return number


def _locked(need: str, version: int) -> Need:
    row = Need.objects.select_for_update().filter(public_id=need).first()
    if row is None:
        raise NoSuchNeed
    if row.version != version:
        raise Conflict("这条需求刚刚有变化。", mend="请刷新页面，看清最新情况再办。")
    return row


def move(actor: Actor, row: Need, now: NeedState, words: str) -> None:
    """Write the next state of a locked need, the step and the journal. Raises Invalid: too long words."""
    if len(words) > WORDS:
        raise Invalid(f"说明最多 {WORDS} 个字。", mend="请写短一些。", field="words")
    was, row.state = row.state, now.value
    row.version += 1
    row.changed_at = timezone.now()
    row.save()
    _note(actor, row, was=was, words=words.strip())


def _note(actor: Actor, row: Need, *, was: str, words: str) -> None:
    names = {"actor": actor.id, "actor_name": actor.name}
    NeedStep.objects.create(need=row, at=row.changed_at, was=was, now=row.state, words=words, **names)
    detail = {"org": row.org, "provider": row.provider, "resource": row.resource, "state": row.state}
    detail |= {"grant": row.grant} if row.grant else {}
    record(actor, f"need.{row.state}", stream=f"need:{row.public_id}", about=row.public_id, detail=detail)
