# SPDX-License-Identifier: Apache-2.0
"""Raise an objection: the person concerned, a clerk for them, or a department."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field as hidden
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.gateway.public import subject_index, subject_indexes
from yiwang.apps.identity.public import may_act_for
from yiwang.apps.identity.public import subject as subject_view
from yiwang.apps.materials import public as materials
from yiwang.engines.definitions import whole
from yiwang.engines.definitions.kinds.elements import ElementType, Subject
from yiwang.engines.exchange import Resource, ResourceField
from yiwang.kernel.actor import Actor, ActorKind, Matter
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from yiwang.kernel.ids import check_id_number, check_uscc, new_public_id

from ..domain import settings
from ..domain.objections import State
from ..domain.values import MOST, read_typed
from ..models import Objection
from ..parts import is_clerk, uses_for
from ._objections import begin_round, known_resource, note, tell_provider

_KINDS = {Subject.PERSON: "person", Subject.FIRM: "firm"}


@dataclass(frozen=True)
class NewObjection:
    """What somebody says is wrong.

    Attributes:
        field: the information item; empty: the record as a whole.
        should, says: what it should say, and what it says now (may be left out).
        why: the reasons.
        subject: public id of the person or firm concerned, when they object themselves.
        agent: public id of whoever stands at the counter for them, when a clerk files it.
        org, key: the department that objects, and what the record is found by.
        files: evidence, stored by `store_evidence`.
    """

    resource: str
    field: str
    should: str = hidden(repr=False)
    why: str = hidden(repr=False)
    says: str = hidden(default="", repr=False)
    subject: str = ""
    agent: str = ""
    org: str = ""
    key: str = hidden(default="", repr=False)
    files: Sequence[str] = ()


def store_evidence(actor: Actor, *, owner: str, name: str, content: Any) -> materials.StoredFile:
    """Check a file through and store it for an objection that is being written.

    Args:
        owner: public id of the person or firm, or `org:` and the department. content: bytes, or a reader.

    Raises NotAllowed, FileRefused.
    """
    catalogue = current().catalogue
    most = whole(catalogue, settings.FILE_MEGABYTES)
    return materials.store_file(
        actor,
        owner=owner,
        name=name,
        content=content,
        accepts=("pdf", "jpg", "png", "ofd"),
        max_megabytes=most,
    )


def object_to(actor: Actor, new: NewObjection, *, now: dt.datetime | None = None) -> str:
    """Raise an objection; the provider's clock begins. Returns its public id.

    Raises:
        NotAllowed: neither the person concerned (or who acts for the firm), nor a clerk they stand before,
            nor an officer of the department.
        NotFound: no such resource or item; a subject of another kind than the resource is about.
        Invalid: a value that cannot be, no reasons, too many files.
        Conflict: the same thing is being checked already.
    """
    resource = known_resource(new.resource)
    item = _item(resource, new.field)
    subject, key = _whom(actor, resource, new)
    moment = now or timezone.now()
    should = _should(item, new.should, timezone.localdate(moment))
    _require_words(new)
    _require_files(new, subject)
    row = Objection(
        public_id=new_public_id("obj"),
        resource=resource.id,
        field=new.field,
        provider=resource.provider,
        state=State.CHECKING.value,
        raised_by=new.agent or actor.id,
        raised_org=new.org,
        clerk=actor.id if new.agent else "",
        clerk_name=actor.name if new.agent else "",
        raised_at=moment,
        subject=subject,
        subject_index=subject_index(key),
        record_key=key,
        says=new.says.strip(),
        should=should,
        why=new.why.strip(),
        files=list(new.files),
    )
    known_as = Objection.objects.filter(subject_index__in=subject_indexes(key), state=row.state)
    try:
        with transaction.atomic():
            if known_as.filter(resource=row.resource, field=row.field, raised_org=row.raised_org).exists():
                raise _objected_already()
            _keep(actor, row)
    except IntegrityError:
        raise _objected_already() from None
    return row.public_id


def _objected_already() -> Conflict:
    return Conflict("同一处已经提过异议，正在核查。", mend="请在“我的异议”里查看进展。")


def _keep(actor: Actor, row: Objection) -> None:
    row.save(force_insert=True)
    began = begin_round(row, 1, row.raised_at)
    if row.files:
        materials.keep(actor, row.files)
    behalf = {"at": "counter", "agent": row.raised_by} if row.clerk else {}
    note(actor, "raised", row, due=began.due_on.isoformat(), by_org=row.raised_org, **behalf)
    body = f"请于{began.due_on:%Y年%m月%d日}前核查并答复。请到“数据共享—数据异议”办理。"
    tell_provider(row, "有新的数据异议待核查", body)


def _item(resource: Resource, identity: str) -> ResourceField | None:
    if not identity:
        return None
    item = resource.field(identity)
    if item is None:
        raise NotFound("这个数据资源没有这一项。", mend="请从列表中选择。")
    return item


def _whom(actor: Actor, resource: Resource, new: NewObjection) -> tuple[str, str]:
    """Public id of whom it is about (empty for a department's), and what the record is found by."""
    if actor.kind is ActorKind.PERSON:
        if new.org or new.agent or not actor.is_subject(new.subject, Matter.DATA):
            raise NotAllowed("只能对自己的数据提异议。", mend="替企业提的，请先取得企业授权。")
        return _concerned(resource, new.subject)
    if new.agent:
        _require_clerk(actor, new)
        return _concerned(resource, new.subject)
    if not new.org or new.org not in uses_for(actor):
        raise NotAllowed("只能由使用数据的部门工作人员提出。", mend="请换用本部门的账号登录。")
    return "", read_key(resource, new.key)


def _concerned(resource: Resource, subject: str) -> tuple[str, str]:
    known = subject_view(subject)
    if _KINDS.get(resource.subject) != known.kind:
        raise NotFound("这个数据资源里没有您的数据。", mend="请从“我的数据”进入。")
    return subject, known.number


def _require_clerk(actor: Actor, new: NewObjection) -> None:
    """A clerk files for whoever stands at the counter, who speaks for themselves or for a firm."""
    if not is_clerk(actor) or new.org:
        raise NotAllowed("只有窗口人员可以代来人提异议。", mend="请换用窗口账号。")
    if not may_act_for(new.agent, new.subject, Matter.DATA):
        raise NotAllowed("来人不能替这个企业（个人）提异议。", mend="请法定代表人到场，或先办理授权。")


def read_key(resource: Resource, typed: str) -> str:
    """What a record is found by, as registers hold it. Raises Invalid (field `key`)."""
    item = next((one for one in resource.fields if one.subject_id), None)
    plain = typed.strip()
    if not plain or len(plain) > MOST:
        raise Invalid("没有写是哪一条记录。", mend="请填这条记录的查询依据，例如身份号码。", field="key")
    if item is not None and item.type is ElementType.ID_NUMBER:
        return check_id_number(plain, today=timezone.localdate(), field="key").number
    return check_uscc(plain, field="key") if item is not None and item.type is ElementType.USCC else plain


def _should(item: ResourceField | None, text: str, today: dt.date) -> str:
    if item is None:
        return read_typed(text, ElementType.TEXT, today=today)
    element = current().catalogue.elements.get(item.element or "")
    choices = [one.value for one in element.choices] if element and item.type is ElementType.CHOICE else []
    return read_typed(text, item.type, today=today, choices=choices)


def _require_words(new: NewObjection) -> None:
    if not new.why.strip():
        raise Invalid("请写明为什么不对。", mend="例如“身份证上的出生日期是……”。", field="why")
    for name in ("why", "says"):
        if len(getattr(new, name)) > MOST:
            raise Invalid("写得太长。", mend=f"请写短一些，最多{MOST}个字。", field=name)


def _require_files(new: NewObjection, subject: str) -> None:
    most = whole(current().catalogue, settings.FILES)
    if len(new.files) > most:
        raise Invalid(f"证明材料最多{most}份。", mend="请删去几份，或合成一份。", field="files")
    owner = subject or f"org:{new.org}"
    if any(materials.owner_of(one) != owner for one in new.files):
        raise NotFound("没有这份证明材料。", mend="请重新上传。")
