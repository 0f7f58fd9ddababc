# SPDX-License-Identifier: Apache-2.0
"""What goes up to the province: requests for its resources, our users, our supply-and-demand list.

Each is written with its message in one transaction; the outbox delivers it until it arrives, however
long the province is down.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.identity.public import officers_of
from yiwang.apps.journal.public import Outside, record, send
from yiwang.engines.exchange import Sharing
from yiwang.kernel.actor import Actor, Role
from yiwang.kernel.canonical import canonical_digest
from yiwang.kernel.errors import Conflict, NotAllowed, NotFound
from yiwang.kernel.ids import new_public_id

from ..cascade_platform import CASCADE, ProvincialPlatform, Upward
from ..domain.cascading import State, lodged
from ..domain.review_clock import limits_of
from ..domain.terms import Complaint
from ..models import ProvincialRequest, ProvincialResource
from ..parts import require_bureau
from ..queries.needs import edition, editions
from ..queries.provincial_users import province_knows
from ..requests_parts import asks_for, orgs_with
from .requests import NotComplete

_SHORTEST, _LONGEST = 5, 500
_MOST_RECEIPT = 120


@dataclass(frozen=True)
class NewProvincialRequest:
    """What a department asks of the province. `fields`: ids of the resource's items."""

    code: str
    org: str
    fields: tuple[str, ...]
    purpose: str
    basis: str
    valid_until: dt.date
    item: str = ""


@transaction.atomic
def ask_province(actor: Actor, new: NewProvincialRequest) -> str:
    """Ask the province for one of its resources; returns our public id. It goes up by itself.

    Raises NotAllowed; NotFound: no such resource; Conflict: not shared, or asked already and not
    answered; NotComplete: everything that is wrong.
    """
    if new.org not in asks_for(actor):
        raise NotAllowed("只能为本部门申请。", mend="请由本部门的数据管理员、经办人或审批人申请。")
    known = ProvincialResource.objects.select_for_update().filter(code=new.code, gone=False).first()
    if known is None:
        raise NotFound("省级目录里没有这项资源。", mend="请回到省级资源列表，从中选择。")
    if known.sharing == Sharing.NOT_SHARED.value:
        raise Conflict("省级目录写明这项资源不予共享，不能申请。", mend="请联系省级平台。")
    if wrong := _complaints(new, known):
        raise NotComplete(wrong)
    waiting = known.requests.filter(org=new.org, item=new.item)
    if waiting.filter(state__in=[State.SENDING.value, State.LODGED.value]).exists():
        raise Conflict("本部门已经申请了这项资源，省平台还没有答复。", mend="请在级联页面查看进度。")
    row = ProvincialRequest.objects.create(
        public_id=new_public_id("dv"),
        resource=known,
        org=new.org,
        fields=[one for one in known.fields if one in new.fields],
        purpose=new.purpose.strip(),
        basis=new.basis.strip(),
        item=new.item,
        valid_until=new.valid_until,
        state=State.SENDING.value,
        asked_at=timezone.now(),
        asked_by=actor.id,
    )
    _send(Upward.REQUEST, row.public_id, {"request": row.public_id})
    _note(actor, "provincial_request.asked", row)
    return row.public_id


def _complaints(new: NewProvincialRequest, known: ProvincialResource) -> list[Complaint]:
    catalogue, today = current().catalogue, timezone.localdate()
    item = catalogue.items.get(new.item)
    longest = limits_of(catalogue).days
    checks = (
        ("fields", not new.fields or not set(new.fields) <= set(known.fields), "请勾选要申请的信息项。"),
        (
            "purpose",
            not _SHORTEST <= len(new.purpose.strip()) <= _LONGEST,
            "请写明拿来做什么（5到500个字）。",
        ),
        ("basis", not _SHORTEST <= len(new.basis.strip()) <= _LONGEST, "请写明依据（5到500个字）。"),
        (
            "valid_until",
            not 0 <= (new.valid_until - today).days <= longest,
            f"请填从今天起{longest}天以内的日期。",
        ),
        ("item", bool(new.item) and (item is None or item.org != new.org), "请从本部门的事项里选择。"),
    )
    return [(field, words) for field, is_wrong, words in checks if is_wrong]


@transaction.atomic
def announce_users(actor: Actor) -> int:
    """Tell the province who uses the exchange here: each department's data officers, by name and post.
    Returns of how many departments. Raises NotAllowed: not the data bureau."""
    require_bureau(actor)
    told = 0
    for org in sorted(current().catalogue.orgs):
        users = [
            {"id": one.id, "name": one.name, "role": Role.DATA.term}
            for one in officers_of(org, None, Role.DATA)
            if org in orgs_with(one, (Role.DATA,))
        ]
        if users:
            known = current().catalogue.orgs[org]
            content = {"org": org, "name": known.name, "code": known.code or "", "users": users}
            key = f"{org}:{timezone.localdate():%Y%m%d}:{canonical_digest(content)[:16]}"
            _send(Upward.USERS, key, {"content": content})
            told += 1
    detail = {"departments": told}
    record(actor, "province.users_announced", stream="exchange-province", about="users", detail=detail)
    return told


@transaction.atomic
def announce_needs(actor: Actor) -> int:
    """Send the newest published supply-and-demand list up; returns its number.

    Raises NotAllowed: not the data bureau. Conflict: nothing was published yet.
    """
    require_bureau(actor)
    newest = next(iter(editions()), None)
    whole = edition(newest.number) if newest else None
    if whole is None:
        raise Conflict("供需对接清单还没有发布过。", mend="请先发布清单，再上报。")
    lines = [
        {
            **{"org": line.org_name, "kind": line.kind.value, "title": line.title},
            **{"resource": line.resource_name, "provider": line.provider_name, "state": line.state.value},
        }
        for line in whole.lines
    ]
    _send(Upward.NEEDS, str(whole.number), {"content": {"edition": whole.number, "lines": lines}})
    detail = {"edition": whole.number, "lines": len(lines)}
    record(actor, "province.needs_announced", stream="exchange-province", about="needs", detail=detail)
    return whole.number


def push_up(platform: ProvincialPlatform) -> Outside:
    """The handler of the messages that go up."""

    def deliver(key: str, payload: Mapping[str, Any]) -> None:
        what = Upward(payload["what"])
        if what is not Upward.REQUEST:
            platform.push(what, key, payload["content"])
            return
        row = ProvincialRequest.objects.select_related("resource").get(public_id=payload["request"])
        if not State(row.state).is_answered:
            _mark_lodged(row.pk, platform.push(what, key, _told(row)))

    return Outside(deliver)


@transaction.atomic
def _mark_lodged(pk: int, receipt: str) -> None:
    row = ProvincialRequest.objects.select_for_update().get(pk=pk)
    row.state = lodged(State(row.state)).value
    row.receipt, row.lodged_at = receipt[:_MOST_RECEIPT], row.lodged_at or timezone.now()
    row.save(update_fields=["state", "receipt", "lodged_at"])


def _told(row: ProvincialRequest) -> dict[str, Any]:
    catalogue = current().catalogue
    org, item = catalogue.orgs.get(row.org), catalogue.items.get(row.item)
    return {
        "request": row.public_id,
        "resource": row.resource.code,
        "fields": list(row.fields),
        "org": {"id": row.org, "name": org.name if org else row.org, "code": (org.code if org else "") or ""},
        "user": province_knows(row.asked_by),
        "purpose": row.purpose,
        "basis": row.basis,
        "item": item.name if item else "",
        "valid_until": row.valid_until.isoformat(),
        "asked_at": row.asked_at.isoformat(),
    }


def _send(what: Upward, key: str, payload: Mapping[str, Any]) -> None:
    send(CASCADE, f"{CASCADE}:{what.value}:{key}", {"what": what.value, **payload})


def _note(actor: Actor, action: str, row: ProvincialRequest) -> None:
    record(
        actor,
        action,
        stream=f"provincial-request:{row.public_id}",
        about=row.public_id,
        purpose=row.purpose,
        basis=row.basis,
        detail={"resource": row.resource.code, "org": row.org, "state": row.state},
    )
