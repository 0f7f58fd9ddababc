# SPDX-License-Identifier: Apache-2.0
"""免证可办: how departments stand, review of their reports, batches of the lists."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.apps.catalogue.public import current
from yiwang.apps.waivers import public as waivers
from yiwang.apps.waivers.public import Channel, Kind, ListView
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.middleware import STATUS, tell
from yiwang.engines.process.lights import Light
from yiwang.kernel.actor import Role
from yiwang.kernel.errors import Conflict, Invalid, NotFound, YiwangError

from .releases import ReviewForm

_ORDER = list(Light)


@access(roles=(Role.DATA, Role.AUDITOR))
@require_GET
def listed(request: RequestWithActor) -> HttpResponseBase:
    """Every department's reports of this year: what awaits review, then the most pressing."""
    year = timezone.localdate().year
    rows = waivers.standings(request.actor, year=year)
    context = {
        "rows": sorted(rows, key=_pressing),
        "late": [row for row in rows if row.light is Light.LATE],
        "waiting": [row for row in rows if row.state is waivers.State.SUBMITTED],
        "kinds": list(Kind),
        "year": year,
        "may_write": waivers.is_bureau(request.actor),
    }
    return render(request, "desks/console/waivers.html", context)


def _pressing(row: waivers.Standing) -> tuple[bool, int, str]:
    return row.state is not waivers.State.SUBMITTED, -_ORDER.index(row.light), row.org


@access(roles=(Role.DATA, Role.AUDITOR))
@require_GET
def one(request: RequestWithActor, filing: str) -> HttpResponseBase:
    """One report, and what the reader may do with it."""
    return _one(request, filing, ReviewForm())


def _one(
    request: RequestWithActor, filing: str, form: forms.Form, error: YiwangError | None = None
) -> HttpResponseBase:
    seen, known = waivers.filing_view(request.actor, filing), current().catalogue

    def named(material: str) -> str:
        found = known.materials.get(material)
        return found.name if found else material

    channels = {channel.value: channel.term for channel in Channel}
    lines = [
        {
            "name": known.items[row.item].name if row.item in known.items else row.item,
            "volume": row.volume,
            "in_scope": row.in_scope,
            "needs": [(named(one), channels.get(channel, "没有填")) for one, channel in row.licences.items()],
            "results": "、".join(f"{named(one)}（{kind}）" for one, kind in row.results.items()),
            "note": row.note,
        }
        for row in seen.surveyed
    ]
    lines += [
        {
            "name": known.items[row.item].name if row.item in known.items else row.item,
            "in_scope": True,
            "needs": [(named(one), "不用交" if one in row.waived else "要交") for one in row.candidates],
            "note": row.note,
        }
        for row in seen.declared
    ]
    status = STATUS[error.kind] if error else 400 if form.errors else 200
    context = {"seen": seen, "lines": lines, "form": form, "error": error}
    return render(request, "desks/console/waiver.html", context, status=status)


@access(roles=(Role.DATA,))
@require_POST
def review(request: RequestWithActor, filing: str) -> HttpResponseBase:
    """Approve a report or send it back."""
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return _one(request, filing, form)
    approve, words = form.cleaned_data["verdict"] == "approve", form.cleaned_data["words"]
    try:
        waivers.review(request.actor, filing, approve=approve, words=words)
    except NotFound:
        raise
    except YiwangError as error:
        return _one(request, filing, form, error)
    messages.success(request, "审核通过，可以汇总了。" if approve else "已退回，部门修改后再报。")
    return redirect("console-waivers")


@access(roles=(Role.DATA, Role.AUDITOR))
@require_http_methods(["GET", "POST"])
def batch(request: RequestWithActor, kind: str) -> HttpResponseBase:
    """The batch that is being prepared: merge what was approved, choose, publish."""
    if kind not in set(Kind):
        raise NotFound("没有这种清单。", mend="请从管理台进入。")
    which = Kind(kind)
    if request.method == "POST":
        return _act(request, which)
    return _batch(request, which)


def _act(request: RequestWithActor, kind: Kind) -> HttpResponseBase:
    """Merge, or publish what was chosen. Raises NotAllowed for everybody but the data bureau."""
    try:
        if "publish" in request.POST:
            found = waivers.merged_list(kind)
            if found is None:
                raise Conflict("现在没有待发布的清单。", mend="请先汇总审核通过的填报。")
            chosen = request.POST.getlist("chosen")
            number = waivers.publish(request.actor, found.public_id, chosen=chosen)
            messages.success(request, f"已作为第{number}批发布，办事指南同时更新。")
        else:
            waivers.merge(request.actor, kind)
            messages.success(request, "已汇总。请核对、勾选后发布。")
    except Invalid as error:
        return _batch(request, kind, error, request.POST.getlist("chosen"))
    except Conflict as error:
        tell(request, error)
    return redirect("console-waiver-batch", kind.value)


def _batch(
    request: RequestWithActor, kind: Kind, error: Invalid | None = None, chosen: list[str] | None = None
) -> HttpResponseBase:
    merged = waivers.merged_list(kind)
    rows = _rows(merged) if merged else []
    context = {
        "kind": kind,
        "merged": merged,
        "rows": [(*row, chosen is None or row[0] in chosen) for row in rows],
        "published": waivers.published_lists(kind),
        "error": error,
        "may_write": waivers.is_bureau(request.actor),
    }
    return render(request, "desks/console/waiver_batch.html", context, status=400 if error else 200)


def _rows(merged: ListView) -> list[tuple[str, str, str]]:
    """(id, name, what it is chosen by) of each entry."""
    known = current().catalogue

    def named(material: str) -> str:
        return known.materials[material].name if material in known.materials else material

    licences = [
        (
            one.material,
            named(one.material),
            f"{one.items}个事项要，上年度办件{one.frequency}件；"
            f"{'、'.join(Channel(channel).term for channel in one.channels)}"
            f"{'；本市核发' if one.made_here else ''}",
        )
        for one in merged.licences
    ]
    items = [
        (
            one.item,
            known.items[one.item].name if one.item in known.items else one.item,
            f"不用交：{'、'.join(named(material) for material in one.materials)}",
        )
        for one in merged.items
    ]
    return licences + items
