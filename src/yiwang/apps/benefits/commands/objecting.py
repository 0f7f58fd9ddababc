# SPDX-License-Identifier: Apache-2.0
"""Appeals: somebody thinks a claim is wrong, or that they were left out; the department answers in time."""

from __future__ import annotations

from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.journal.public import record
from yiwang.apps.notices.public import notify
from yiwang.engines.benefits import Policy
from yiwang.engines.definitions import whole
from yiwang.kernel.actor import Actor, ActorKind
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from yiwang.kernel.ids import new_public_id
from yiwang.kernel.workdays import Limit

from ..domain.settings import ANSWER_DAYS
from ..domain.states import State, move
from ..models import Claim, Objection
from ..parts import NoSuchClaim, orgs_of
from ..queries import policy_objected_to
from .noting import note

MOST = 1_000


def policy_of(policy: str) -> Policy:
    """The policy in force now. Raises NotFound."""
    found = current().catalogue.others.get("policies", {}).get(policy)
    if not isinstance(found, Policy):
        raise NotFound("没有这项政策。", mend="请从政策列表中选择。")
    return found


@transaction.atomic
def object_to(actor: Actor, *, policy: str, words: str, claim: str = "") -> str:
    """Object to a claim (one's own, or one that is being shown), or say one was left out; its public id.

    Raises NotAllowed: nobody is logged in. NoSuchClaim. Invalid: no words. Conflict: one is open already.
    """
    if actor.kind is not ActorKind.PERSON:
        raise NotAllowed("请登录后再提。", mend="也可以拨打12345，由工作人员代为登记。")
    said = words.strip()
    if not 5 <= len(said) <= MOST:
        raise Invalid("请写明哪里不对。", mend=f"5到{MOST}个字。", field="words")
    named, opened = policy_of(policy), current()
    row = None
    if claim:
        row = Claim.objects.select_for_update().filter(public_id=claim).first()
        if policy_objected_to(actor, claim) != policy:
            raise NoSuchClaim
    due = opened.calendar.due(timezone.localdate(), Limit(Decimal(whole(opened.catalogue, ANSWER_DAYS)))).date
    objection = Objection(
        public_id=new_public_id("bo"), claim=row, policy=named.id, by=actor.id, words=said,
        raised_at=timezone.now(), due_on=due,
    )  # fmt: skip
    try:
        with transaction.atomic():
            objection.save()
    except IntegrityError:
        raise Conflict("您对这项政策已经提过，正在核查。", mend="请等待答复，或拨打12345催办。") from None
    _note(actor, "objected", objection)
    return objection.public_id


@transaction.atomic
def answer(actor: Actor, objection: str, *, upheld: bool, words: str) -> None:
    """The department's answer. Upheld while a claim is shown: it is stopped.

    Raises NoSuchClaim, NotAllowed: it is the officer's own. Invalid: no reasons. Conflict: answered already.
    """
    row = Objection.objects.select_for_update().filter(public_id=objection).first()
    if row is None or not orgs_of(actor) & set(policy_of(row.policy).departments):
        raise NoSuchClaim
    if row.by == actor.id:
        raise NotAllowed("不能答复自己提的。", mend="请由另一位工作人员答复。")
    if row.answered_at is not None:
        raise Conflict("已经答复过。", mend="请刷新后查看。")
    if not words.strip():
        raise Invalid("请写明理由。", mend="写清楚核查了什么、结果是什么、不服可以怎么办。", field="words")
    row.answered_at, row.answered_by = timezone.now(), actor.id
    row.upheld, row.answer = upheld, words.strip()[:MOST]
    row.save()
    _note(actor, "answered", row)
    claim = row.claim and Claim.objects.select_for_update().get(pk=row.claim.pk)
    if upheld and claim is not None and claim.state == State.SHOWN.value:
        claim.state, claim.changed_at = move(State.SHOWN, "stop").value, row.answered_at
        claim.save(update_fields=["state", "changed_at"])
        note(actor, "stopped", claim)
        notify(
            claim.subject,
            "一项补贴停止拨付",
            f"公示期内有人提出异议并查实：{row.answer}",
            about=claim.public_id,
        )
    notify(row.by, "您提的异议有答复", row.answer, about=row.public_id)


def _note(actor: Actor, what: str, objection: Objection) -> None:
    record(
        actor,
        f"benefit.{what}",
        stream=f"benefit-objection:{objection.public_id}",
        about=objection.public_id,
        detail={"policy": objection.policy, "upheld": objection.upheld},
    )
