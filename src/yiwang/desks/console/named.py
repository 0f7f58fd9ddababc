# SPDX-License-Identifier: Apache-2.0
"""Names for pages, and what several pages about licences need: downloads, errors beside their form."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from yiwang.apps.catalogue.public import current
from yiwang.desks.access import RequestWithActor
from yiwang.desks.middleware import STATUS
from yiwang.kernel.actor import Actor, ActorKind, Role
from yiwang.kernel.errors import Kind, NotFound, YiwangError

DEPARTMENT = (Role.DATA, Role.APPROVER, Role.REPRESENTATIVE)
"""Who hands in sheets and templates for a department; the bureau's data officers among them."""


def org_name(org: str) -> str:
    """What a department is called."""
    found = current().catalogue.orgs.get(org)
    return found.name if found else org


def material_name(material: str) -> str:
    """What a licence type is called."""
    found = current().catalogue.materials.get(material)
    return found.name if found else material


def is_bureau(actor: Actor) -> bool:
    """Whether the officer keeps the data of the whole city."""
    return actor.kind is ActorKind.OFFICER and any(
        post.role is Role.DATA and not post.org for post in actor.posts
    )


def own_orgs(actor: Actor, issuing: Iterable[str]) -> list[tuple[str, str]]:
    """The departments among `issuing` that the officer may act for: (id, name), by name."""
    mine = {post.org for post in actor.posts if post.role in DEPARTMENT}
    found = [org for org in set(issuing) if org in mine or "" in mine]
    return sorted(((org, org_name(org)) for org in found), key=lambda one: one[1])


def csv_answer(name: str, rows: Iterable[Sequence[str]]) -> HttpResponse:
    """A table to download, in UTF-8 with the mark that spreadsheets look for."""
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    answer = HttpResponse(out.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    return as_file(answer, name)


def as_file(answer: HttpResponse, name: str) -> HttpResponse:
    """Offer an answer for download under a Chinese name."""
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer


def sent(request: RequestWithActor) -> tuple[Any, Any]:
    """What a form is bound to: the fields and files that were sent, nothing when the page is only read."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def ids_of(about: str) -> str:
    """The ids of the fields of one form among several; `about` may be whatever was sent."""
    return about.replace("%", "") + "-%s"


def add_error(form: Form, error: YiwangError) -> int:
    """Put an error beside the field it is about, or above the form; returns the status of the page."""
    if error.kind is Kind.MISSING:
        raise NotFound(error.message, mend=error.mend) from error
    form.add_error(error.field if error.field in form.fields else None, str(error))
    return STATUS[error.kind]


@dataclass(frozen=True)
class Refused:
    """What a small form about `about` was refused for, with the words that were typed into it."""

    about: str
    words: str
    error: YiwangError

    @property
    def is_over(self) -> bool:
        """Whether the form's turn is over, so that it may be shown no more."""
        return self.error.kind is Kind.CONFLICT

    @property
    def status(self) -> int:
        """The status of the page that shows it."""
        return STATUS[self.error.kind]


def done(
    request: RequestWithActor,
    act: Callable[[], object],
    words: str,
    *,
    to: tuple[str, ...],
    again: Callable[[YiwangError], HttpResponseBase] | None = None,
) -> HttpResponseBase:
    """Act and go to a page that says so; an error is said there too, or by the page that `again` shows with
    all that was typed; a thing that is not there is a 404."""
    try:
        act()
    except YiwangError as error:
        if error.kind in (Kind.MISSING, Kind.FORBIDDEN):
            raise
        if again is not None:
            return again(error)
        messages.error(request, str(error))
    else:
        messages.success(request, words)
    return redirect(*to)
