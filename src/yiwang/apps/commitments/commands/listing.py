# SPDX-License-Identifier: Apache-2.0
"""A list through its steps (驻政办〔2021〕8号 L761). A department's: sent, reviewed by justice, approved,
published with its release, which waits for that, filed with the province. A county's: drawn up from the
release in force, reviewed by its justice office, published by its government, filed with the city."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from django.db import IntegrityError, transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current, release
from yiwang.apps.journal.public import record
from yiwang.engines.definitions import words as words_of
from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, Invalid
from yiwang.kernel.ids import new_public_id

from ..domain.listing import Line, ListState, county_list, digest_of, lists_of, moved, unreviewed
from ..domain.settings import LIST_REVIEWS
from ..list_parts import NoSuchList, approves, counties_of, orgs_of, require_list, reviews
from ..models import ListStep, ProofList

_MOST = 500
_IN_USE = "平台启用时已在用"


@transaction.atomic
def send_list(actor: Actor, org: str, digest: str, *, reason: str) -> str:
    """The department sends the list of a drafted release for review; the version's public id.

    Args:
        digest: of the release in which the list stands.
        reason: what changes and why (适时调整).

    Raises NoSuchList: not the officer's department; NotFound: no such release; Invalid without a reason;
    Conflict when nothing changes, or it was sent already.
    """
    if org not in orgs_of(actor):
        raise NoSuchList
    why = _written(reason, "调整了什么、为什么")
    lines = lists_of(release(digest).catalogue).get(org, ())
    if digest_of(lines) == digest_of(lists_of(current().catalogue).get(org, ())):
        raise Conflict("这个目录版本里的清单和现在公布的一样。", mend="不用报送。")
    row = _new(org, "", lines, digest, ListState.SENT)
    _step(actor, row, ListState.SENT, words=why)
    return row.public_id


@transaction.atomic
def draw_up_county_list(actor: Actor, place: str, *, reason: str) -> str:
    """The justice office of a county draws up the county's list, as the release in force says it; the
    version's public id.

    Raises NoSuchList: not the officer's county; Invalid without a reason; Conflict: drawn up already.
    """
    if place not in counties_of(actor):
        raise NoSuchList
    opened = current()
    org = words_of(opened.catalogue, LIST_REVIEWS)
    row = _new(org, place, county_list(opened.catalogue), opened.digest, ListState.SENT)
    _step(actor, row, ListState.SENT, words=_written(reason, "这次为什么编制、调整了什么"))
    return row.public_id


def _new(org: str, place: str, lines: Sequence[Line], release_: str, state: ListState) -> ProofList:
    row = ProofList(
        public_id=new_public_id("pl"), org=org, place=place, digest=digest_of(lines), release=release_,
        lines=[asdict(one) for one in lines], state=state.value, began_at=timezone.now(),
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Conflict("这份清单已经报送过了。", mend="请在列表里看它到了哪一步。") from None
    return row


@transaction.atomic
def review_list(actor: Actor, list_id: str, *, agree: bool, words: str) -> None:
    """Justice has studied it with the departments concerned: agrees, or sends it back with what to change.

    Raises NoSuchList, NotAllowed (others, and whoever sent it), Invalid without words when it is sent back,
    Conflict out of turn.
    """
    row = _locked(list_id)
    _require_justice(actor, row)
    if row.steps.filter(kind=ListState.SENT.value, by=actor.id).exists():
        require_list(False, "另一位工作人员（报送人不能审核自己报送的）")
    said = words.strip()[:_MOST] if agree else _written(words, "哪里要改")
    _go(actor, row, ListState.REVIEWED if agree else ListState.RETURNED, words=said)


@transaction.atomic
def approve_list(actor: Actor, list_id: str, *, agree: bool, reference: str, words: str = "") -> None:
    """The government has approved the list, by which document; or sends it back with its reason.

    Raises NoSuchList, NotAllowed for others, Invalid without the document (or the reason), Conflict.
    """
    row = _locked(list_id)
    require_list(not row.place and approves(actor), "市政府办公室")
    if agree:
        number = _written(reference, "审定的文号或者会议", field="reference")
        _go(actor, row, ListState.APPROVED, words=words.strip()[:_MOST], reference=number)
    else:
        _go(actor, row, ListState.RETURNED, words=_written(words, "退回的理由"))


@transaction.atomic
def publish_county_list(actor: Actor, list_id: str, *, reference: str) -> None:
    """The county's government has published the county's list: by which document.

    Raises NoSuchList, NotAllowed for others, Invalid without the document, Conflict before it is reviewed.
    """
    row = _locked(list_id)
    require_list(bool(row.place) and row.place in counties_of(actor), "该县区的司法局")
    _go(
        actor,
        row,
        ListState.PUBLISHED,
        reference=_written(reference, "公布的文号或者日期", field="reference"),
    )


@transaction.atomic
def file_list(actor: Actor, list_id: str, *, reference: str) -> None:
    """Justice has filed a published list, by which number: the city's with the province, a county's with the
    city.

    Raises NoSuchList, NotAllowed for others, Invalid without the number, Conflict before it is published.
    """
    row = _locked(list_id)
    _require_justice(actor, row)
    _go(actor, row, ListState.FILED, reference=_written(reference, "备案的文号或者日期", field="reference"))


def guard_publication(actor: Actor, before: Catalogue | None, after: Catalogue) -> None:
    """A release is about to be put in force: refuse one that changes a department's list without review;
    note the publication of those it changes. The lists of the first release were in use before it.

    Args:
        before: what is in force; None before the first release.

    Raises Conflict naming the departments.
    """
    new = lists_of(after)
    if before is None:
        for org, lines in new.items():
            _adopt(actor, org, lines, after.digest)
        return
    ready = {ListState.APPROVED, ListState.PUBLISHED, ListState.FILED}
    rows = ProofList.objects.select_for_update().filter(place="", state__in=[one.value for one in ready])
    found = {(row.org, row.digest): row for row in rows}
    old = lists_of(before)
    if waiting := unreviewed(old, new, frozenset(found)):
        names = "、".join(after.orgs[org].name for org in waiting)
        raise Conflict(
            f"{names}的告知承诺清单有变动，还没有经司法行政部门审核、市政府审定，不能发布。",
            mend="请该部门在“告知承诺清单”里报送这个版本；审核、审定后再发布。",
        )
    _note_published(actor, old, new, found)


def _note_published(
    actor: Actor,
    old: Mapping[str, Sequence[Line]],
    new: Mapping[str, Sequence[Line]],
    found: Mapping[tuple[str, str], ProofList],
) -> None:
    for org in sorted(old.keys() | new.keys()):
        digest = digest_of(new.get(org, ()))
        row = found.get((org, digest))
        if row is not None and row.state == ListState.APPROVED.value:
            _go(actor, row, ListState.PUBLISHED)


def _adopt(actor: Actor, org: str, lines: Sequence[Line], release_: str) -> None:
    if not ProofList.objects.filter(org=org, place="", digest=digest_of(lines)).exists():
        row = _new(org, "", lines, release_, ListState.PUBLISHED)
        _step(actor, row, ListState.PUBLISHED, words=_IN_USE)


def _locked(list_id: str) -> ProofList:
    row = ProofList.objects.select_for_update().filter(public_id=list_id).first()
    if row is None:
        raise NoSuchList
    return row


def _require_justice(actor: Actor, row: ProofList) -> None:
    may = row.place in counties_of(actor) if row.place else reviews(actor)
    require_list(may, "该县区的司法局" if row.place else "市司法局")


def _go(actor: Actor, row: ProofList, to: ListState, *, words: str = "", reference: str = "") -> None:
    row.state = moved(ListState(row.state), to, county=bool(row.place)).value
    row.save(update_fields=["state"])
    _step(actor, row, to, words=words, reference=reference)


def _step(actor: Actor, row: ProofList, kind: ListState, *, words: str = "", reference: str = "") -> None:
    ListStep.objects.create(
        of=row, kind=kind.value, at=timezone.now(), by=actor.id, by_name=actor.name, words=words,
        reference=reference,
    )  # fmt: skip
    record(
        actor, f"commitment_list.{kind.value}", stream="commitment-lists", about=row.public_id,
        detail={"org": row.org, "place": row.place, "list": row.digest},
    )  # fmt: skip


def _written(words: str, what: str, *, field: str = "words") -> str:
    text = words.strip()
    most = 100 if field == "reference" else _MOST
    if not text or len(text) > most:
        raise Invalid(f"请写明{what}。", mend=f"{most} 字以内。", field=field)
    return text
