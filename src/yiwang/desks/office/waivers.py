# SPDX-License-Identifier: Apache-2.0
"""免证可办: a department's two yearly reports, filled in on one page each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from yiwang.apps.catalogue.public import current
from yiwang.apps.waivers import public as waivers
from yiwang.apps.waivers.public import Channel, DeclaredRow, FilingView, Kind, SurveyRow
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.middleware import STATUS
from yiwang.kernel.errors import NotFound, YiwangError

_MOST = 10**9


@dataclass(frozen=True)
class Need:
    """A licence that an item asks for: the name of its field, and what was chosen."""

    field: str
    material: str
    name: str
    chosen: str


@dataclass(frozen=True)
class Line:
    """One item on the page, with what was typed."""

    item: str
    name: str
    volume: str
    in_scope: bool
    needs: Sequence[Need]
    results: str
    note: str
    error: str


@access(roles=waivers.FILLS)
@require_GET
def listed(request: RequestWithActor) -> HttpResponseBase:
    """What the officer's departments owe this year, with its light."""
    year = timezone.localdate().year
    rows = waivers.standings(request.actor, year=year)
    return render(request, "desks/office/waivers.html", {"rows": rows, "year": year})


@access(roles=waivers.FILLS)
@require_http_methods(["GET", "POST"])
def report(request: RequestWithActor, kind: str, year: int) -> HttpResponseBase:
    """One report: begun with a button, then filled in, saved, handed in."""
    which, org = _which(request, kind, year)
    row = next(
        (
            one
            for one in waivers.standings(request.actor, year=year)
            if (one.kind, one.org) == (which, org) and one.filing
        ),
        None,
    )
    if request.method == "GET" and row is None:
        context = {"kind": which, "year": year, "org": org, "org_name": current().catalogue.orgs[org].name}
        return render(request, "desks/office/waiver_begin.html", context)
    if row is None:
        waivers.begin(request.actor, which, org=org, year=year)
        return _back(which, year, org)
    seen = waivers.filing_view(request.actor, row.filing)
    if request.method == "GET":
        return _page(request, seen)
    return _take(request, seen)


def _which(request: RequestWithActor, kind: str, year: int) -> tuple[Kind, str]:
    """The kind of report and the department: named, or the officer's only one. Raises NotFound."""
    own = sorted(waivers.orgs_of(request.actor) & set(current().catalogue.orgs))
    org = request.GET.get("org", "") or next(iter(own), "")
    now = timezone.localdate().year
    if kind not in set(Kind) or org not in own or year not in (now, now - 1):
        raise NotFound("没有这份填报。", mend="请回到列表，从中选择。")
    return Kind(kind), org


def _back(kind: Kind, year: int, org: str) -> HttpResponseBase:
    address = redirect("office-waiver", kind.value, year)
    address["Location"] += f"?org={org}"
    return address


def _take(request: RequestWithActor, seen: FilingView) -> HttpResponseBase:
    """Save what was typed; hand it in when that button was pressed. Nothing typed is lost."""
    given, wrong = _given(seen, request.POST)
    if wrong:
        return _page(request, seen, typed=request.POST, wrong=wrong, status=400)
    try:
        version = (
            int(request.POST.get("version", "") or 0) if request.POST.get("version", "").isdigit() else 0
        )
        version = waivers.save(request.actor, seen.public_id, given, version=version)
        if "submit" in request.POST:
            waivers.submit(request.actor, seen.public_id, version=version)
    except waivers.NotComplete as missing:
        told = dict(reversed(missing.problems))
        return _page(request, waivers.filing_view(request.actor, seen.public_id), wrong=told, status=400)
    except YiwangError as error:
        return _page(request, seen, typed=request.POST, error=error, status=STATUS[error.kind])
    messages.success(request, "已报送，等数据管理部门审核。" if "submit" in request.POST else "已保存。")
    return _back(seen.kind, seen.year, seen.org)


def _given(seen: FilingView, data: QueryDict) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
    """What was typed, by item; and what cannot be read."""
    given: dict[str, dict[str, Any]] = {}
    wrong: dict[str, str] = {}
    for row in seen.surveyed:
        one: dict[str, Any] = {"note": data.get(f"note:{row.item}", row.note)}
        typed = data.get(f"volume:{row.item}", str(row.volume)).strip()
        if typed.isascii() and typed.isdigit() and int(typed[:12]) <= _MOST:
            one["volume"] = int(typed)
        else:
            wrong[row.item] = f"“{_name(row.item)}”的办件量要填整数，例如 120；没有办过填 0。"
        channels = {one: data.get(f"channel:{row.item}:{one}", now) for one, now in row.licences.items()}
        given[row.item] = {**one, "licences": channels}
    for declared in seen.declared:
        chosen = data.getlist(f"waive:{declared.item}")
        given[declared.item] = {"waived": chosen, "note": data.get(f"note:{declared.item}", declared.note)}
    return given, wrong


def _page(
    request: RequestWithActor,
    seen: FilingView,
    *,
    typed: QueryDict | None = None,
    wrong: Mapping[str, str] | None = None,
    error: YiwangError | None = None,
    status: int = 200,
) -> HttpResponseBase:
    told = wrong or {}
    lines = [_surveyed(row, typed, told) for row in seen.surveyed]
    lines += [_declared(row, typed, told) for row in seen.declared]
    context = {
        "seen": seen,
        "lines": lines,
        "channels": [(channel.value, channel.term) for channel in Channel],
        "wrong": told,
        "error": error,
        "version": typed.get("version", seen.version) if typed else seen.version,
        "left": sum(1 for line in lines for need in line.needs if not need.chosen),
    }
    return render(request, "desks/office/waiver.html", context, status=status)


def _surveyed(row: SurveyRow, typed: QueryDict | None, wrong: Mapping[str, str]) -> Line:
    data = typed or QueryDict()
    needs = [
        Need(
            field := f"channel:{row.item}:{material}", material, _material(material), data.get(field, channel)
        )
        for material, channel in row.licences.items()
    ]
    return Line(
        row.item,
        _name(row.item),
        data.get(f"volume:{row.item}", str(row.volume)),
        row.in_scope,
        needs,
        "、".join(f"{_material(one)}（{kind}）" for one, kind in row.results.items()),
        data.get(f"note:{row.item}", row.note),
        wrong.get(row.item, ""),
    )


def _declared(row: DeclaredRow, typed: QueryDict | None, wrong: Mapping[str, str]) -> Line:
    chosen = typed.getlist(f"waive:{row.item}") if typed is not None else row.waived
    note = typed.get(f"note:{row.item}", row.note) if typed is not None else row.note
    needs = [
        Need(f"waive:{row.item}", one, _material(one), "on" if one in chosen else "")
        for one in row.candidates
    ]
    return Line(row.item, _name(row.item), "", True, needs, "", note, wrong.get(row.item, ""))


def _name(item: str) -> str:
    known = current().catalogue.items.get(item)
    return known.name if known else item


def _material(material: str) -> str:
    known = current().catalogue.materials.get(material)
    return known.name if known else material
