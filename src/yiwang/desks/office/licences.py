# SPDX-License-Identifier: Apache-2.0
"""Licences of a department: what awaits its seal, sealing, how each stands and what is changed about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.apps.catalogue.public import current
from yiwang.apps.licences import public as licences
from yiwang.apps.licences.public import Correction, LicenceView, Sealing
from yiwang.apps.seals import public as seals
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.middleware import STATUS
from yiwang.desks.portal.licences import download, lines_of
from yiwang.kernel.actor import Role
from yiwang.kernel.errors import Invalid, YiwangError

from .licence_forms import Typed, field_lines, moves_of, read_change, read_fields

OF_UNIT = (Role.CUSTODIAN, Role.HANDLER, Role.APPROVER, Role.REPRESENTATIVE)
DECIDE = (Role.APPROVER, Role.REPRESENTATIVE)
_AT_ONCE = 50
"""Licences on one page of the list: what is chosen is sealed while a person waits."""
_PURPOSE = "办理证照签章、状态变更"


@access(roles=OF_UNIT)
@never_cache
@require_GET
def awaiting(request: RequestWithActor) -> HttpResponseBase:
    """What awaits its seal, the most pressing first."""
    return _awaiting(request, request.GET.get("type", ""))


def _awaiting(
    request: RequestWithActor,
    material: str,
    *,
    chosen: list[str] | None = None,
    error: YiwangError | None = None,
    came: Sealing | None = None,
) -> HttpResponseBase:
    rows = licences.awaiting_seal(request.actor, material=material, limit=_AT_ONCE)
    uses = seals.approved_uses(request.actor)
    names = current().catalogue.materials
    page = {
        "rows": [(row, _name(row.licence), not chosen or row.licence.public_id in chosen) for row in rows],
        "types": sorted({(one.material, names[one.material].name) for one in uses if one.material in names}),
        "material": material,
        "uses": [one for one in uses if not material or one.material in ("", material)],
        "total": licences.awaiting_count(request.actor),
        "late": licences.awaiting_count(request.actor, late=True),
        "error": error,
        "came": came,
        "left": _left(came) if came else [],
        "may_seal": request.actor.has(Role.CUSTODIAN),
    }
    status = STATUS[error.kind] if error else 200
    return render(request, "desks/office/awaiting.html", page, status=status)


def _left(came: Sealing) -> list[tuple[LicenceView, str]]:
    """What was not sealed and why; ids that are no licence's are left out."""
    known = {one.public_id: one for one in licences.licences([one for one, _ in came.left])}
    return [(known[one], why) for one, why in came.left if one in known]


def _name(one: LicenceView) -> str:
    material = current().catalogue.materials.get(one.material)
    return material.name if material else one.material


@access(roles=(Role.CUSTODIAN,))
@sensitive_post_parameters("passphrase")
@require_POST
def seal(request: RequestWithActor) -> HttpResponseBase:
    """Seal what was chosen; what could not be sealed is told with the reason, on the same page."""
    chosen, material = request.POST.getlist("licence"), request.POST.get("type", "")
    try:
        use = request.POST.get("use", "")
        if not use:
            raise Invalid("请选择用印批准。", mend="没有的，先申请用印。", field="use")
        came = licences.seal_licences(
            request.actor,
            chosen,
            seal=seals.use(request.actor, use).seal,
            use=use,
            passphrase=request.POST.get("passphrase", ""),
        )
    except YiwangError as error:
        return _awaiting(request, material, chosen=chosen, error=error)
    if came.left:
        return _awaiting(request, material, chosen=[one for one, _ in came.left], came=came)
    done = f"已签章 {len(came.sealed)} 件。"
    messages.success(request, done + (f"{len(came.already)} 件刚才已由别人签章。" if came.already else ""))
    return redirect(f"{reverse('office-awaiting')}?{urlencode({'type': material})}")


@access(roles=OF_UNIT)
@never_cache
@require_http_methods(["GET", "POST"])
def find(request: RequestWithActor) -> HttpResponseBase:
    """Find a licence of the department by its number or check code; the number stands in no address."""
    typed = request.POST.get("number", "").strip()
    found = licences.found_for(request.actor, typed) if typed else []
    if len(found) == 1:
        return redirect("office-licence", found[0].public_id)
    page = {"typed": typed, "found": [(one, _name(one)) for one in found], "asked": request.method == "POST"}
    return render(request, "desks/office/find_licence.html", page)


@access(roles=OF_UNIT)
@never_cache
@require_GET
def one(request: RequestWithActor, record: str) -> HttpResponseBase:
    """One licence with all it states; the look is logged."""
    return _one(request, record, Typed())


def _one(request: RequestWithActor, record: str, typed: Typed) -> HttpResponseBase:
    seen = licences.look_at(request.actor, record, purpose=_PURPOSE)
    values = typed.values if typed.form == "correct" else {}
    page: dict[str, Any] = {
        "one": seen,
        "name": _name(seen),
        "lines": lines_of(seen),
        "events": licences.history(record),
        "may_decide": request.actor.has(*DECIDE, org=seen.issuer, place=seen.place or None),
        "moves": moves_of(seen),
        "fields": field_lines(seen, values),
        "typed": typed,
        "forms": licences.FORMS,
        "check_url": licences.status_url(seen.check_code),
    }
    status = STATUS[typed.error.kind] if typed.error else 200
    return render(request, "desks/office/licence.html", page, status=status)


def _acting(
    request: RequestWithActor, record: str, form: str, act: Callable[[LicenceView], str]
) -> HttpResponseBase:
    """Act, and say so; what is wrong is told on the page with everything that was typed."""
    seen = licences.licence_for(request.actor, record)
    try:
        messages.success(request, act(seen))
    except YiwangError as error:
        return _one(request, record, Typed(form, request.POST.dict(), error))
    return redirect("office-licence", record)


@access(roles=DECIDE)
@require_POST
def change(request: RequestWithActor, record: str) -> HttpResponseBase:
    """Suspend, restore or revoke."""

    def act(seen: LicenceView) -> str:
        to, day = read_change(request.POST)
        given = {"reason": request.POST.get("reason", ""), "basis": request.POST.get("basis", "")}
        licences.change_standing(request.actor, record, to, effective_on=day, **given)
        return f"已登记：自{day:%Y年%m月%d日}起{to.term}。"

    return _acting(request, record, "change", act)


@access(roles=DECIDE)
@require_POST
def withdraw(request: RequestWithActor, record: str) -> HttpResponseBase:
    """Take back a change that was recorded wrongly."""

    def act(seen: LicenceView) -> str:
        number = request.POST.get("seq", "")
        if not (number.isascii() and number.isdecimal() and len(number) < 6):
            raise Invalid("请选择要撤回的那一条。", mend="没有可撤回的，就不用撤回。", field="seq")
        seq = int(number)
        licences.withdraw_event(request.actor, record, seq, reason=request.POST.get("reason", ""))
        return "已撤回这条登记，证照的经历里仍看得到。"

    return _acting(request, record, "withdraw", act)


@access(roles=DECIDE)
@require_POST
def correct(request: RequestWithActor, record: str) -> HttpResponseBase:
    """Correct what the licence states; it then awaits a new seal."""

    def act(seen: LicenceView) -> str:
        what = Correction(read_fields(seen, request.POST))
        given = {"reason": request.POST.get("reason", ""), "basis": request.POST.get("basis", "")}
        licences.correct(request.actor, record, what, **given)
        return "已更正，证照重新待签章。"

    return _acting(request, record, "correct", act)


@access(roles=OF_UNIT)
@never_cache
@require_GET
def file(request: RequestWithActor, record: str, form: str) -> HttpResponseBase:
    """A sealed file, to be saved; the holder sees that it was handed out."""
    return download(*licences.hand_out(request.actor, record, form, purpose="发证部门调取证照文件"), form)
