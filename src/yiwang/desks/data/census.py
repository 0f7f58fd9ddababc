# SPDX-License-Identifier: Apache-2.0
"""The census on the data desk: departments draft resources, the bureau takes them into a definitions file."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.apps.exchange import public as exchange
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.middleware import STATUS
from yiwang.engines.definitions import DefinitionErrors
from yiwang.kernel.actor import Role
from yiwang.kernel.errors import YiwangError

from .census_forms import EntryForm, ItemRows, draft_of, start_of

_ROWS, _MORE = 4, 5
"""Rows for items on a new page, and how many the button adds."""
_MOST = 100


class AnswerForm(forms.Form):
    """What the bureau says to a draft."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    resource = forms.CharField(
        label="收录编号",
        required=False,
        max_length=80,
        help_text="收录时写：小写字母、数字、连字符，例如 residence-permit；用了就不再改",
    )
    words = forms.CharField(
        label="退回原因",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="退回时写",
    )


@access(roles=(Role.DATA,))
@require_GET
def listed(request: RequestWithActor) -> HttpResponseBase:
    """The drafts the officer may read."""
    context = {
        "entries": exchange.entries(request.actor),
        "bureau": exchange.is_bureau(request.actor),
        "may_draft": bool(exchange.data_orgs(request.actor)),
    }
    return render(request, "desks/data/census.html", context)


@access(roles=(Role.DATA,))
@require_http_methods(["GET", "POST"])
def new(request: RequestWithActor) -> HttpResponseBase:
    """Begin a draft."""
    if not exchange.data_orgs(request.actor):
        return render(request, "desks/data/census_edit.html", status=403 if request.method == "POST" else 200)
    return _edit(request, None)


@access(roles=(Role.DATA,))
@require_http_methods(["GET", "POST"])
def one(request: RequestWithActor, entry: str) -> HttpResponseBase:
    """One draft: filled in by its department, answered by the bureau."""
    seen = exchange.entry(request.actor, entry)
    if seen is None:
        raise exchange.NoSuchEntry
    if seen.state.open and seen.org in exchange.data_orgs(request.actor):
        return _edit(request, seen)
    return _show(request, seen, AnswerForm(initial={"version": seen.version}))


def _edit(request: RequestWithActor, seen: exchange.EntryView | None) -> HttpResponseBase:
    start, items = start_of(seen.draft) if seen else ({}, [])
    if request.method == "GET":
        form = EntryForm(initial={**start, "version": seen.version if seen else 0})
        rows = ItemRows(initial=items + [{}] * max(2, _ROWS - len(items)))
        return _page(request, seen, form, rows)
    form, rows = EntryForm(request.POST), ItemRows(request.POST)
    if request.POST.get("do") == "more":
        return _page(request, seen, form, _with_more(rows))
    if not (form.is_valid() and rows.is_valid()):
        return _page(request, seen, form, rows, status=400)
    return _keep(request, seen, form, rows)


def _with_more(rows: Any) -> Any:
    typed = [{name: row[name].value() for name in row.fields} for row in rows]
    return ItemRows(initial=[*typed, *([{}] * min(_MORE, _MOST - len(typed)))])


def _keep(
    request: RequestWithActor, seen: exchange.EntryView | None, form: EntryForm, rows: Any
) -> HttpResponseBase:
    org = seen.org if seen else min(exchange.data_orgs(request.actor))
    version = form.cleaned_data["version"]
    try:
        entry = exchange.save_entry(
            request.actor, org, draft_of(form, rows), entry=seen.id if seen else "", version=version
        )
        if request.POST.get("do") != "hand_in":
            messages.success(request, "已保存，可以以后再填。")
            return redirect("data-census-entry", entry)
        exchange.hand_in(request.actor, entry, version=version + 1 if seen else 1)
    except DefinitionErrors as error:
        told = [f"{problem.what}：{problem.mend}" for problem in error.problems]
        kept = exchange.entry(request.actor, entry)
        start, items = start_of(kept.draft) if kept else ({}, [])
        again = EntryForm(initial={**start, "version": kept.version if kept else 0})
        return _page(request, kept, again, ItemRows(initial=[*items, {}, {}]), told=told, status=400)
    except YiwangError as error:
        form.add_error(None, f"{error.message}{error.mend}")
        return _page(request, seen, form, rows, status=STATUS[error.kind])
    messages.success(request, "已报送数据管理局。")
    return redirect("data-census")


def _page(
    request: RequestWithActor,
    seen: exchange.EntryView | None,
    form: EntryForm,
    rows: Any,
    *,
    told: list[str] | None = None,
    status: int = 200,
) -> HttpResponseBase:
    context = {"seen": seen, "form": form, "rows": rows, "told": told or []}
    return render(request, "desks/data/census_edit.html", context, status=status)


def _show(
    request: RequestWithActor,
    seen: exchange.EntryView,
    form: AnswerForm,
    *,
    told: list[str] | None = None,
    status: int = 200,
) -> HttpResponseBase:
    context = {
        "seen": seen,
        "form": form,
        "told": told or [],
        "yaml": exchange.entry_yaml(request.actor, seen.id),
        "answers": exchange.is_bureau(request.actor) and seen.state.value == "handed_in",
    }
    return render(request, "desks/data/census_entry.html", context, status=status)


@access(roles=(Role.DATA,))
@require_POST
def answer(request: RequestWithActor, entry: str) -> HttpResponseBase:
    """Take a draft, or send it back."""
    seen = exchange.entry(request.actor, entry)
    if seen is None:
        raise exchange.NoSuchEntry
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _show(request, seen, form, status=400)
    take = request.POST.get("do") == "take"
    try:
        exchange.answer_entry(request.actor, entry, take=take, **form.cleaned_data)
    except DefinitionErrors as error:
        told = [f"{problem.what}：{problem.mend}" for problem in error.problems]
        return _show(request, seen, form, told=told, status=400)
    except YiwangError as error:
        form.add_error(error.field if error.field in form.fields else None, f"{error.message}{error.mend}")
        return _show(request, seen, form, status=STATUS[error.kind])
    words = "已收录：请下载定义文件，放进定义目录，随下一个目录版本发布。" if take else "已退回。"
    messages.success(request, words)
    return redirect("data-census-entry", entry)


@access(roles=(Role.DATA,))
@require_GET
def as_file(request: RequestWithActor, entry: str) -> HttpResponseBase:
    """The draft as a definitions file to download."""
    text = exchange.entry_yaml(request.actor, entry)
    answer = HttpResponse(text.encode(), content_type="application/yaml; charset=utf-8")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'{entry}.yaml')}"
    return answer
