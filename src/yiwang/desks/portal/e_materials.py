# SPDX-License-Identifier: Apache-2.0
"""我的电子材料: what decided cases kept of a person and their firms, who used it, and how to stop that."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.messages import success
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from yiwang.apps.casework.public import applications_of
from yiwang.apps.catalogue.public import current
from yiwang.apps.identity.public import firms_of
from yiwang.apps.materials.public import (
    EMaterialView,
    StoredFile,
    content_of,
    describe,
    e_material_of,
    e_materials_of,
    withdraw_e_material,
)
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.middleware import tell
from yiwang.kernel.actor import Matter
from yiwang.kernel.errors import Invalid, NotFound


@dataclass(frozen=True)
class Shown:
    """One e-material on the page. `mark` and `tone`: its state in a word; `sentence`: what it means."""

    one: EMaterialView
    whose: str
    department: str
    files: Sequence[StoredFile]
    mark: str
    tone: str
    sentence: str
    may_withdraw: bool
    uses: Sequence[tuple[dt.datetime, str, str]]


@access(person=True)
@require_safe
def listed(request: RequestWithActor) -> HttpResponseBase:
    """Everything that is kept, the newest first: what is still used, then the rest."""
    names = {request.actor.id: "本人"} | {
        firm.public_id: firm.name for firm in firms_of(request.actor, Matter.APPLICATIONS)
    }
    own = {row.id for row in applications_of(request.actor, limit=200)}
    found = [_shown(one, names, own) for one in e_materials_of(request.actor)]
    page = {
        "here": "e_materials",
        "usable": [one for one in found if one.may_withdraw],
        "others": [one for one in found if not one.may_withdraw],
    }
    return render(request, "desks/portal/e_materials.html", page)


def _shown(one: EMaterialView, names: dict[str, str], own: set[str]) -> Shown:
    org = current().catalogue.orgs.get(one.org)
    usable = one.usable_on(timezone.localdate())
    mark, tone, sentence = _state(one, usable)
    return Shown(
        one=one,
        whose=names.get(one.about, ""),
        department=org.name if org else one.org,
        files=describe(one.files),
        mark=mark,
        tone=tone,
        sentence=sentence,
        may_withdraw=usable,
        uses=[(use.at, use.purpose, use.application if use.application in own else "") for use in one.uses],
    )


def _state(one: EMaterialView, usable: bool) -> tuple[str, str, str]:
    if one.withdrawn:
        return "已停用", "late", f"您停用了它：{one.withdrawn}。以后办事不会再用。"
    if one.result:
        return "办理结果", "", "办事时直接查这份结果的登记，不用您交。"
    if one.valid_until is None:
        return "只存档", "", "它说的是那一次的事，不会自动用到别的申请里。"
    if usable:
        return "可以再用", "ok", "在这之前办事要同样的材料，就用它，不用您再交。"
    return "已过期", "wait", "超过了可以再用的期限，办事时要重新交。"


@access(person=True)
@require_POST
def withdraw(request: RequestWithActor, e_material: str) -> HttpResponseBase:
    """The holder does not let it be used any more, or says it is out of date."""
    try:
        withdraw_e_material(request.actor, e_material, why=request.POST.get("why", ""))
    except Invalid as problem:
        tell(request, problem)
    else:
        success(request, "已停用。以后办事不会再用这份材料，需要时会请您重新交。")
    return redirect("portal:e_materials")


@access(person=True)
@require_safe
def file(request: RequestWithActor, e_material: str, file: str) -> HttpResponseBase:
    """One file of one's own e-material."""
    seen = e_material_of(request.actor, e_material)
    if file not in seen.files:
        raise NotFound("没有这个文件。", mend="请刷新页面后重试。")
    stored = describe([file])
    if not stored:
        raise NotFound("这个文件已经不在了。", mend="请拨打 12345，由工作人员查明。")
    name, content = content_of(file)
    answer = HttpResponse(content, content_type=stored[0].media_type)
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer["Cache-Control"] = "private, no-store"
    return answer
