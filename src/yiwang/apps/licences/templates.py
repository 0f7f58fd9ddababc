# SPDX-License-Identifier: Apache-2.0
"""The templates of licences: handed in by departments, approved by the data bureau, hung up for
download, superseded; and which one a licence is drawn with.

Source: 豫数政办〔2023〕3号 (二) L213–225. One name, one face, one template; a city draws no template of
its own beside one of the whole province.
"""

from __future__ import annotations

import datetime as dt
import hashlib

from django.db import IntegrityError, models, transaction
from django.db.models import Max, Q
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.journal.public import record
from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.kinds import Template
from yiwang.engines.definitions.single import read_template
from yiwang.kernel.actor import Actor, ActorKind
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Unavailable
from yiwang.kernel.ids import new_public_id

from .domain.template_states import (
    TemplateLevel,
    TemplateState,
    move,
    require_newer,
    require_other_officer,
    require_province_first,
)
from .models import TemplateVersion
from .template_views import DEPARTMENT, is_bureau

MOST_BYTES = 200_000
_STREAM = "licence-templates"


def template_for(material: str, on: dt.date) -> Template | None:
    """The template a licence of this type is drawn with on a day: the one that was approved and hung up, or
    the one of the catalogue in force, whichever has the higher version; None when there is neither."""
    found = (
        TemplateVersion.objects.filter(material=material, published_on__lte=on)
        .filter(Q(superseded_on=None) | Q(superseded_on__gt=on))
        .order_by("-version")
        .first()
    )
    catalogue = _in_force()
    known = catalogue.template_of(material, on) if catalogue else None
    if found is None or (known is not None and known.version > found.version):
        return known
    return Template.model_validate(found.content)


def templates_on(day: dt.date) -> dict[str, Template]:
    """What each licence type is drawn with on a day: the same answers as `template_for`."""
    found: dict[str, Template | None] = {}
    if catalogue := _in_force():
        known = {one.material for one in catalogue.templates.values()}
        found = {one: catalogue.template_of(one, day) for one in known}
    rows = TemplateVersion.objects.filter(published_on__lte=day).order_by("version")
    for row in rows.filter(Q(superseded_on=None) | Q(superseded_on__gt=day)):
        own = found.get(row.material)
        if own is None or own.version <= row.version:
            found[row.material] = Template.model_validate(row.content)
    return {material: template for material, template in found.items() if template is not None}


def template_by_id(identity: str) -> Template | None:
    """A template by the id that stands in it, whether still in use or not; None when nobody knows it."""
    found = TemplateVersion.objects.filter(content__id=identity, published_on__isnull=False).first()
    if found is not None:
        return Template.model_validate(found.content)
    catalogue = _in_force()
    return catalogue.templates.get(identity) if catalogue else None


def _in_force() -> Catalogue | None:
    try:
        return current().catalogue
    except Unavailable:
        return None


@transaction.atomic
def hand_in_template(
    actor: Actor, *, org: str, raw: bytes, file: str, level: TemplateLevel = TemplateLevel.CITY
) -> str:
    """Hand in a version for a department (报送); returns its public id.

    Args:
        raw: the YAML file. file: what it is called in complaints.

    Raises:
        NotAllowed: the actor does not work for the department, or it does not issue such licences;
            the province's templates are taken over by the data bureau alone.
        DefinitionErrors: everything that is wrong in the file, with its line.
        Invalid: the version is not above the known ones. Conflict: the province has a template.
    """
    _require_department(actor, org, level)
    if len(raw) > MOST_BYTES:
        raise Invalid(f"模板文件超过 {MOST_BYTES // 1000} KB。", mend="模板只写栏目和版式，不放图片。")
    catalogue = current().catalogue
    template = read_template(raw, catalogue, file=file)
    _require_issuer(catalogue, template.material, org, level)
    versions = TemplateVersion.objects.filter(material=template.material)
    living = versions.exclude(state=TemplateState.RETURNED)
    has_province = living.filter(level=TemplateLevel.PROVINCE).exclude(state=TemplateState.SUBMITTED)
    require_province_first(level, has_province.exists())
    require_newer(template.version, max(_newest(living), _newest_in(catalogue, template.material)))
    if versions.filter(content__id=template.id).exclude(state=TemplateState.RETURNED).exists():
        raise Conflict(f"编号“{template.id}”已经报送过。", mend="新版模板请用新的编号。")
    row = TemplateVersion(
        public_id=new_public_id("t"),
        material=template.material,
        version=template.version,
        org=org,
        level=level.value,
        text=raw.decode("utf-8"),
        digest=hashlib.sha256(raw).hexdigest(),
        content=template.model_dump(mode="json", exclude_defaults=True),
        state=TemplateState.SUBMITTED.value,
        handed_in_by=actor.id,
        handed_in_at=timezone.now(),
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise Conflict("同一版模板刚刚有人报送过。", mend="请刷新页面核对。") from None
    _note(actor, row, "submitted")
    return row.public_id


def _require_department(actor: Actor, org: str, level: TemplateLevel) -> None:
    if actor.kind is not ActorKind.OFFICER:
        raise NotAllowed("只有工作人员可以报送模板。", mend="请用工作人员账号登录。")
    if level is TemplateLevel.PROVINCE and not is_bureau(actor):
        raise NotAllowed("全省统一的模板由数据管理部门统一取用。", mend="请联系数据管理员。")
    if not actor.has(*DEPARTMENT, org=org):
        raise NotAllowed("您不是这个单位的工作人员，不能替它报送模板。", mend="请选择本单位。")


def _require_issuer(catalogue: Catalogue, material: str, org: str, level: TemplateLevel) -> None:
    known = catalogue.materials[material]
    issuers = {known.issuer, *(catalogue.items[item].org for item in catalogue.producers.get(material, ()))}
    if level is TemplateLevel.CITY and org not in issuers:
        raise NotAllowed(f"“{known.name}”不由这个单位核发。", mend="请由发证单位报送。")


def _newest(versions: models.QuerySet[TemplateVersion]) -> int:
    return versions.aggregate(newest=Max("version"))["newest"] or 0


def _newest_in(catalogue: Catalogue, material: str) -> int:
    return max((one.version for one in catalogue.templates.values() if one.material == material), default=0)


@transaction.atomic
def review_template(actor: Actor, public_id: str, *, approve: bool, words: str = "") -> None:
    """The data bureau approves a version or sends it back (审核).

    Raises NotAllowed: not the bureau's officer, or the one who handed it in. Invalid: sent back without
    a reason. NotFound. Conflict: it is not waiting for that.
    """
    row = _locked(actor, public_id)
    require_other_officer(row.handed_in_by, actor.id)
    if not approve and not words.strip():
        raise Invalid("退回要写明原因。", mend="请写清哪里要改，报送单位会看到。", field="words")
    to = TemplateState.APPROVED if approve else TemplateState.RETURNED
    row.state = move(TemplateState(row.state), to).value
    row.reviewed_by, row.reviewed_at, row.words = actor.id, timezone.now(), words.strip()[:300]
    row.save(update_fields=["state", "reviewed_by", "reviewed_at", "words"])
    _note(actor, row, to.value)


@transaction.atomic
def publish_template(actor: Actor, public_id: str) -> None:
    """Hang an approved version up for download (挂载): from today licences are drawn with it, and the one
    before it is superseded. Licences that were drawn keep theirs.

    Raises NotAllowed, NotFound, Conflict.
    """
    row = _locked(actor, public_id)
    row.state = move(TemplateState(row.state), TemplateState.PUBLISHED).value
    row.published_on = timezone.localdate()
    before = TemplateVersion.objects.select_for_update().filter(
        material=row.material, state=TemplateState.PUBLISHED
    )
    for old in before:
        old.state = move(TemplateState(old.state), TemplateState.SUPERSEDED).value
        old.superseded_on = row.published_on
        old.save(update_fields=["state", "superseded_on"])
        _note(actor, old, "superseded")
    try:
        with transaction.atomic():
            row.save(update_fields=["state", "published_on"])
    except IntegrityError:
        raise Conflict(
            "同一种证照的另一版刚刚挂载了。", mend="请刷新页面，看看还要不要挂载这一版。"
        ) from None
    _note(actor, row, "published")


def _locked(actor: Actor, public_id: str) -> TemplateVersion:
    if not is_bureau(actor):
        raise NotAllowed("模板由数据管理部门审核和挂载。", mend="请联系数据管理员。")
    row = TemplateVersion.objects.select_for_update().filter(public_id=public_id).first()
    if row is None:
        raise NotFound("没有这个模板。", mend="请从模板列表进入。")
    return row


def _note(actor: Actor, row: TemplateVersion, what: str) -> None:
    detail = {"material": row.material, "version": row.version, "digest": row.digest}
    record(actor, f"template.{what}", stream=_STREAM, about=row.public_id, detail=detail)
