# SPDX-License-Identifier: Apache-2.0
"""The provider's part: give what was asked or less, or send it back with the reason."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.notices.public import notify
from yiwang.engines.exchange import resources
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed
from yiwang.kernel.ids import new_public_id

from ..domain.asking import Move, State, after
from ..domain.terms import NewRequest, Terms, narrowings, refusal_of, terms_of, unsound, widenings
from ..models import Consent, DataRequest, Grant
from ..parts import data_orgs
from ..requests_consents import consent_for
from ..requests_parts import NoSuchRequest
from ..requests_rows import asked_of
from .needs_following import follow_grants
from .requests import note, require_version

_SHORTEST = 5


@dataclass(frozen=True)
class Decision:
    """What the provider decides.

    Args:
        grant: give it, or send it back. words: the reason; needed when sent back, or given in part.
        terms: what is given; None: all that was asked.
        secrecy_ground: why a confidentiality agreement is needed here though departments need none
            between them; empty: none.
    """

    grant: bool
    words: str = ""
    terms: Terms | None = None
    secrecy_ground: str = ""


@transaction.atomic
def review(actor: Actor, request: str, decision: Decision, *, version: int) -> str:
    """Decide on a request; returns the public id of the grant, or "" when it goes back.

    Raises:
        NoSuchRequest: not the provider's data officer. NotAllowed: the reviewer asked for it themselves.
        Conflict: decided already, or changed since the page was shown, or not shared any more.
        Invalid: no reason; more than was asked; a third party without the provider's written consent.
    """
    row = DataRequest.objects.select_for_update().filter(public_id=request).first()
    if row is None or row.provider not in data_orgs(actor):
        raise NoSuchRequest
    if actor.id in row.askers:
        raise NotAllowed("自己提出的申请，不能由自己审核。", mend="请由另一位数据管理员审核。")
    require_version(row.version, version)
    move = Move.GRANT if decision.grant else Move.RETURN
    state = after(State(row.state), move, reason=decision.words)
    made = _grant(actor, row, decision) if decision.grant else ""
    row.state, row.words = state.value, decision.words.strip()[:500]
    row.decided_at, row.decided_by = timezone.now(), actor.id
    row.version += 1
    row.save(update_fields=["state", "words", "decided_at", "decided_by", "version"])
    note(actor, move, row, decision.words)
    if made:
        follow_grants(org=row.org, resource=row.resource)
    _tell_asker(row)
    return made


def _grant(actor: Actor, row: DataRequest, decision: Decision) -> str:
    asked = asked_of(row)
    terms = decision.terms or terms_of(asked)
    _require_sound(row, asked, terms, decision)
    order = [one for one in row.fields if one in terms.fields]
    made = Grant.objects.create(
        public_id=new_public_id("dg"),
        request=row,
        consent=_consent(row, terms),
        resource=row.resource,
        provider=row.provider,
        org=row.org,
        fields=order,
        plain=sorted(terms.plain),
        purpose=row.purpose,
        basis=row.basis,
        item=row.item,
        per_minute=terms.per_minute,
        per_day=terms.per_day,
        valid_from=row.valid_from,
        valid_until=terms.valid_until,
        cache_seconds=terms.cache_seconds,
        batch=terms.batch,
        third_party=terms.third_party,
        narrowed=_narrowed(asked, terms, decision.words),
        secrecy_ground=decision.secrecy_ground.strip()[:500],
        granted_at=timezone.now(),
        granted_by=actor.id,
    )
    return made.public_id


def _require_sound(row: DataRequest, asked: NewRequest, terms: Terms, decision: Decision) -> None:
    known = resources(current().catalogue).get(row.resource)
    why = "这项资源已经不在目录里了。" if known is None else refusal_of(known, row.org)
    if why or (known and known.provider != row.provider):
        raise Conflict(why or "这项资源已经换了提供部门。", mend="请退回申请，并写明原因。")
    if more := widenings(asked, terms):
        raise Invalid(f"给的比申请的多：{'、'.join(more)}。", mend="只能照申请给，或者少给。", field="fields")
    if wrong := unsound(asked, terms):
        raise Invalid(f"{'；'.join(wrong)}。", mend="请改好再提交；都不给的请退回。", field="fields")
    if narrowings(asked, terms) and len(decision.words.strip()) < _SHORTEST:
        raise Invalid("比申请的给得少，要写明原因。", mend="写清楚哪一项为什么不给。", field="words")
    ground = decision.secrecy_ground.strip()
    if ground and len(ground) < _SHORTEST:
        raise Invalid(
            "要求签保密协议的，须写明依据。",
            mend="部门之间非涉密数据原则上免签；没有依据的请不要勾选。",
            field="secrecy_ground",
        )


def _consent(row: DataRequest, terms: Terms) -> Consent | None:
    if not terms.third_party:
        return None
    found = consent_for(row)
    if found is None:
        raise Invalid(
            "向第三方提供，须先有本部门的书面同意。",
            mend="请部门负责人在申请页上书面同意；不同意的，请去掉第三方并写明原因。",
            field="third_party",
        )
    return found


def _narrowed(asked: NewRequest, terms: Terms, words: str) -> str:
    found = narrowings(asked, terms)
    return f"{'、'.join(found)}：{words.strip()}"[:500] if found else ""


def _tell_asker(row: DataRequest) -> None:
    known = resources(current().catalogue).get(row.resource)
    name = known.name if known else row.resource
    state = State(row.state)
    said = f"“{name}”的使用申请：{state.term}。"
    notify(row.asked_by, f"数据使用申请{state.term}", f"{said}{row.words}".strip(), about=row.public_id)
