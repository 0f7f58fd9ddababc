# SPDX-License-Identifier: Apache-2.0
"""Write a policy's draft, hand it in, have it reviewed: one function per step, each in the journal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from yiwang.engines.benefits.draft_checks import Draft, checked_draft
from yiwang.engines.benefits.drafting import blank, tidied, typed_of
from yiwang.engines.definitions import Catalogue
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from yiwang.kernel.ids import new_public_id

from .models import OPEN, DraftState, PolicyDraft, PolicyTrial
from .policy_parts import (
    changed,
    digest_in,
    locked,
    may_write,
    note,
    policy_in,
    require_decider,
)
from .queries import current

_LONGEST = 300
_ID, _NAME = 80, 200


@transaction.atomic
def begin_policy(actor: Actor, policy: str = "") -> str:
    """Begin a draft of a published policy, or of a new one; the open draft of this policy if there is one.

    Returns its public id. Raises NotFound (no such policy), NotAllowed.
    """
    opened = current().catalogue
    known = policy_in(opened, policy) if policy else None
    if policy and known is None:
        raise NotFound("没有这项政策。", mend="请回到政策清单，从中选择。")
    orgs = list(known.departments) if known else sorted({post.org for post in actor.posts if post.org})
    if not may_write(actor, orgs):
        raise NotAllowed("这项政策由责任部门的人起草。", mend="请联系责任部门或目录管理员。")
    there = PolicyDraft.objects.filter(policy=policy, state__in=OPEN).first() if policy else None
    if there is not None:
        return there.public_id
    now, public_id = timezone.now(), new_public_id("pd")
    typed = typed_of(known) if known else blank(f"policy-{now:%Y%m%d}-{public_id[-4:].lower()}")
    if known is None:
        typed["departments"] = [org for org in orgs if org in opened.orgs]
    row = PolicyDraft(
        public_id=public_id,
        policy=typed["id"],
        name=known.name if known else "（新政策）",
        departments=orgs,
        base=digest_in(opened, policy) if known else "",
        typed=typed,
        digest=check_of(typed, opened, base=bool(known)).digest,
        begun_by=actor.id,
        begun_at=now,
        writers=[actor.id],
        changed_by=actor.id,
        changed_at=now,
    )
    row.save()
    note(actor, "begun", row)
    return row.public_id


def check_of(typed: Mapping[str, Any], catalogue: Catalogue, *, base: bool) -> Draft:
    """A draft as checked today. A new policy must not take the id of one there is."""
    return checked_draft(typed, catalogue, today=timezone.localdate(), new=not base)


@transaction.atomic
def save_policy(
    actor: Actor, draft: str, typed: Mapping[str, Any], *, version: int, summary: str = ""
) -> int:
    """Keep what was typed, sound or not; returns the new version.

    Raises NoSuchDraft; NotAllowed; Conflict when somebody else has changed it meanwhile; Invalid when the
    writer's own department would no longer be responsible.
    """
    row = locked(actor, draft, version, DraftState.WRITING)
    if not may_write(actor, row.departments):
        raise NotAllowed("这份草稿由责任部门的人改。", mend="请联系责任部门。")
    kept = tidied(typed)
    if row.base:
        kept["id"] = row.policy
    orgs = kept["departments"] or row.departments
    if not may_write(actor, orgs):
        raise Invalid("责任部门里要有您所在的单位。", mend="请把它选上。", field="departments")
    taken = PolicyDraft.objects.filter(policy=kept["id"], state__in=OPEN).exclude(pk=row.pk).exists()
    if taken:
        raise Conflict("这个编号已经有一份草稿。", mend="请换一个编号。", field="id")
    row.typed, row.departments, row.summary = kept, orgs, summary.strip()[:_LONGEST]
    row.policy, row.name = kept["id"][:_ID] or row.policy, kept["name"][:_NAME] or row.name
    row.digest = check_of(kept, current().catalogue, base=bool(row.base)).digest
    row.writers = sorted({*row.writers, actor.id})
    fields = ("typed", "departments", "summary", "policy", "name", "digest", "writers")
    changed(row, actor, timezone.now(), fields)
    note(actor, "saved", row)
    return row.version


@transaction.atomic
def hand_in_policy(actor: Actor, draft: str, *, version: int) -> None:
    """Hand a draft in for review: it must be sound, and tested as it is now.

    Raises NoSuchDraft, NotAllowed, Conflict, Invalid.
    """
    row = locked(actor, draft, version, DraftState.WRITING)
    if not may_write(actor, row.departments):
        raise NotAllowed("这份草稿由责任部门的人送审。", mend="请联系责任部门。")
    if not row.summary:
        raise Invalid("没有写改了什么、为什么改。", mend="请在“改了什么”里写一两句。", field="summary")
    require_sound(row)
    require_tested(row)
    row.state, row.review_words = DraftState.HANDED_IN, ""
    row.reviewed_by, row.reviewed_at = "", None
    changed(row, actor, timezone.now(), ("state", "review_words", "reviewed_by", "reviewed_at"))
    note(actor, "handed_in", row)


def require_sound(row: PolicyDraft) -> Draft:
    """The draft as checked against the release in force.

    Raises Invalid when something is wrong in it, Conflict when the policy was published otherwise since.
    """
    opened = current().catalogue
    if digest_in(opened, row.policy) != row.base:
        raise Conflict(
            "起草以后，这项政策又发布过别的内容。",
            mend="请作废这份草稿，从现行的重新起草；您写的可以先下载。",
        )
    found = check_of(row.typed, opened, base=bool(row.base))
    if not found.ready:
        told = "；".join(one.what for one in found.complaints[:3])
        raise Invalid(f"还有 {len(found.complaints)} 处没有写好：{told}。", mend="请按栏目旁的提示改正。")
    if found.digest != row.digest:
        raise Conflict("这份草稿的内容和保存时不一样。", mend="请重新保存、测试。")
    return found


def require_tested(row: PolicyDraft) -> None:
    """Raise Conflict unless the draft was tested as it is, against what is published now. A guide, which
    has no condition, cannot be tested and need not be."""
    if not row.typed.get("conditions"):
        return
    if not PolicyTrial.objects.filter(draft=row, digest=row.digest, base=row.base).exists():
        raise Conflict("这份草稿还没有测试，或者测试以后又改过。", mend="请先在人群上测试一次。")


@transaction.atomic
def review_policy(actor: Actor, draft: str, *, version: int, approve: bool, words: str = "") -> None:
    """A second officer agrees to a draft, or sends it back to be written again.

    Raises NoSuchDraft; NotAllowed (also for whoever has written in it); Conflict; Invalid without a reason
    for sending it back.
    """
    row = locked(actor, draft, version, DraftState.HANDED_IN, DraftState.AGREED, DraftState.SCHEDULED)
    require_decider(actor)
    if actor.id in row.writers:
        raise NotAllowed("写过这份草稿的人不能复核它。", mend="请由另一位目录管理员复核。")
    if approve and row.state != DraftState.HANDED_IN:
        raise Conflict("这份草稿已经复核过了。", mend="可以发布，或者退回。")
    if not approve and not words.strip():
        raise Invalid("退回要写明理由。", mend="请写清哪里要改。", field="words")
    if approve:
        require_sound(row)
        require_tested(row)
    row.state = DraftState.AGREED if approve else DraftState.WRITING
    row.reviewed_by, row.reviewed_at = actor.id, timezone.now()
    row.review_words, row.publish_on, row.held = words.strip()[:_LONGEST], None, ""
    fields = ("state", "reviewed_by", "reviewed_at", "review_words", "publish_on", "held")
    changed(row, actor, timezone.now(), fields)
    note(actor, "reviewed", row, approved=approve)


@transaction.atomic
def withdraw_policy(actor: Actor, draft: str, *, version: int) -> None:
    """Give a draft up. What was published stays. Raises NoSuchDraft, NotAllowed, Conflict."""
    row = locked(actor, draft, version, *OPEN)
    if not may_write(actor, row.departments):
        raise NotAllowed("这份草稿由责任部门的人作废。", mend="请联系责任部门。")
    row.state, row.publish_on = DraftState.WITHDRAWN, None
    changed(row, actor, timezone.now(), ("state", "publish_on"))
    note(actor, "withdrawn", row)
