# SPDX-License-Identifier: Apache-2.0
"""补正: what has to be put right, told once and in full, and mended on one page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.contrib.messages import success
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from yiwang.apps.casework.public import (
    ApplicationView,
    application_view,
    read_value,
    save_form,
    supply_correction,
)
from yiwang.apps.materials.public import StoredFile
from yiwang.desks.access import CLERKS, RequestWithActor, access
from yiwang.desks.fields import Field, field_of, typed
from yiwang.desks.middleware import tell
from yiwang.kernel.errors import Conflict, Invalid

from .documents import accept_of, hints_of, recall_refusals, remove_file, take_files
from .drafts import redirect_to


@dataclass(frozen=True)
class Point:
    """One thing to put right: a field of the form or a document, and what is wrong with it."""

    target: str
    name: str
    items: Sequence[str]
    what: Sequence[str]
    field: Field | None = None
    files: Sequence[StoredFile] = ()
    accept: str = ""
    hints: Sequence[str] = ()
    error: str = ""

    @property
    def material(self) -> str:
        """The document's id, where it is a document."""
        return self.target


def points_of(seen: ApplicationView) -> list[Point]:
    """Everything asked for by items that wait for a correction; what several ask for, once."""
    found: dict[str, Point] = {}
    for item in seen.items:
        if item.state != "correction_asked":
            continue
        for asked in item.corrections:
            known = found.get(asked["target"]) or Point(asked["target"], asked["name"], [], [])
            found[asked["target"]] = replace(
                known, items=[*known.items, item.name], what=[*known.what, asked["what"]]
            )
    return [_with_control(seen, point) for point in found.values()]


def _with_control(seen: ApplicationView, point: Point) -> Point:
    known = seen.release.catalogue
    if element := known.elements.get(point.target):
        return replace(point, field=field_of(known, element, _given(seen, element.id)))
    if material := known.materials.get(point.target):
        files = next((d.files for d in seen.documents if d.material == material.id), ())
        return replace(point, files=files, accept=accept_of(material), hints=hints_of(material))
    return point


def _given(seen: ApplicationView, element: str) -> object:
    """What was handed in for an element, on the form or in the guiding questions."""
    return seen.form.get(element, seen.answers.get(element))


@access(person=True, roles=CLERKS)
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: RequestWithActor, application: str) -> HttpResponseBase:
    """Put right exactly what was asked for. Saved with every button; handed in with one."""
    seen = application_view(request.actor, application)
    points = points_of(seen)
    if not points:
        return redirect("portal:progress", application)
    if request.method == "POST":
        return _save(request, seen, points)
    problems = _wrong(seen, points) | recall_refusals(request, application)
    page = {
        "seen": seen,
        "row": seen.row,
        "points": [_with_error(point, problems.get(point.target, "")) for point in points],
        "problems": [(p.target, problems[p.target]) for p in points if p.target in problems],
    }
    return render(request, "desks/portal/correct.html", page)


def _with_error(point: Point, words: str) -> Point:
    if point.field and words:
        return replace(point, error=words, field=replace(point.field, error=words))
    return replace(point, error=words)


def _wrong(seen: ApplicationView, points: Sequence[Point]) -> dict[str, str]:
    """Fields whose kept value cannot be read, or that are empty; documents without a file."""
    wrong: dict[str, str] = {}
    for point in points:
        if point.field:
            element = seen.release.catalogue.elements[point.target]
            raw = _given(seen, point.target)
            try:
                if raw in (None, "", []):
                    raise Invalid("还没有填。")
                read_value(element, raw)
            except Invalid as bad:
                wrong[point.target] = f"“{point.name}”：{bad}"
        elif not point.files:
            wrong[point.target] = f"“{point.name}”：还没有上传文件。"
    return wrong


def _save(request: RequestWithActor, seen: ApplicationView, points: Sequence[Point]) -> HttpResponseBase:
    here, known = seen.row.id, seen.release.catalogue
    fields = [point.target for point in points if point.field]
    values = {e: typed(known.elements[e], request.POST) for e in fields if e in request.POST}
    if values:
        save_form(request.actor, here, values)
    documents = [point.target for point in points if point.target in known.materials]
    refused = take_files(request, here, known.materials, documents)
    try:
        remove_file(request, here)
    except Conflict as kept:  # handed in before: it stays, a better one is added beside it
        tell(request, kept)
    if "later" in request.POST:
        success(request, "已经保存，还没有交。改好后别忘了按“提交补正”。")
        return redirect("portal:progress", here)
    after = application_view(request.actor, here)
    if refused or "supply" not in request.POST or _wrong(after, points_of(after)):
        return redirect_to("portal:correct", here, "#problems")
    supply_correction(request.actor, here)
    success(request, "补正已经提交，窗口会接着核对，不用再来。")
    return redirect("portal:progress", here)
