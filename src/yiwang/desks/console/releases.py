# SPDX-License-Identifier: Apache-2.0
"""Releases of the catalogue: see, compare with the one in force, review, publish."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from yiwang.apps.catalogue import public as catalogue
from yiwang.apps.journal.public import entries_of
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.console.told_forms import ToldForm
from yiwang.desks.middleware import STATUS
from yiwang.engines import house
from yiwang.kernel.actor import Role
from yiwang.kernel.errors import Kind, NotFound, YiwangError

from .changes import tell_changes

_TERMS = {"release.drafted": "起草", "release.reviewed": "复核", "release.published": "发布"}


class DraftForm(forms.Form):
    """What a new draft is about."""

    use_required_attribute = False
    summary = forms.CharField(
        label="改了什么",
        help_text="一两句话，复核的人看得懂",
        max_length=300,
        error_messages={"required": "请写明改了什么。"},
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ReviewForm(ToldForm):
    """A second officer's review."""

    verdict = forms.ChoiceField(
        label="复核结论",
        choices=(("approve", "同意"), ("reject", "退回")),
        widget=forms.RadioSelect,
        error_messages={"required": "请选择同意或者退回。"},
    )
    words = forms.CharField(
        label="复核意见", required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean(self) -> dict[str, Any]:
        """Whoever sends a draft back says why."""
        given = super().clean() or {}
        if given.get("verdict") == "reject" and not (given.get("words") or "").strip():
            self.add_error("words", "退回要写明原因。")
        return given


@access(roles=(Role.CATALOGUE, Role.AUDITOR))
@require_GET
def listed(request: RequestWithActor) -> HttpResponseBase:
    """All releases, the newest first."""
    return _list(request, DraftForm())


def _list(request: RequestWithActor, form: DraftForm, status: int = 200) -> HttpResponseBase:
    context = {
        "releases": catalogue.releases(),
        "in_force": catalogue.current_digest(),
        "form": form,
        "may_write": request.actor.has(Role.CATALOGUE),
    }
    return render(request, "desks/console/releases.html", context, status=status)


@access(roles=(Role.CATALOGUE,))
@require_POST
def draft(request: RequestWithActor) -> HttpResponseBase:
    """Draft a release from the definition files on this machine, checked as a whole."""
    form = DraftForm(request.POST)
    if not form.is_valid():
        return _list(request, form, 400)
    try:
        loaded = house.load(settings.DEFINITIONS_DIR)
        known = {one.digest for one in catalogue.releases()}
        digest = catalogue.draft_release(request.actor, loaded, summary=form.cleaned_data["summary"])
    except YiwangError as error:
        form.add_error(None, str(error))
        return _list(request, form, STATUS[error.kind])
    if digest in known:
        messages.warning(request, "定义文件和这个已有的版本完全一样，没有另外起草。")
    else:
        messages.success(request, "已起草。请另一位目录管理员复核。")
    return redirect("console-release", digest)


@access(roles=(Role.CATALOGUE, Role.AUDITOR))
@require_GET
def one(request: RequestWithActor, digest: str) -> HttpResponseBase:
    """One release: its history, what it changes against the one in force, what may be done."""
    return _one(request, digest, ReviewForm())


def _one(
    request: RequestWithActor, digest: str, form: ReviewForm, error: YiwangError | None = None
) -> HttpResponseBase:
    seen = catalogue.release_view(digest)
    in_force = catalogue.current_digest()
    try:
        changes = None if digest == in_force else tell_changes(digest)
        damage = None
    except YiwangError as found:
        changes, damage = None, found
    may_write, own_draft = request.actor.has(Role.CATALOGUE), seen.drafted_by == request.actor.id
    may_review = may_write and seen.state == "draft" and not own_draft
    context = {
        "release": seen,
        "in_force": in_force,
        "changes": changes,
        "damage": damage,
        "history": _history(digest),
        "form": form,
        "lost": form.is_bound and not may_review,
        "error": error,
        "may_write": may_write,
        "own_draft": own_draft,
    }
    status = STATUS[error.kind] if error else 400 if form.errors else 200
    return render(request, "desks/console/release.html", context, status=status)


def _history(digest: str) -> list[dict[str, Any]]:
    return [
        {"term": _TERMS.get(entry["action"], entry["action"]), "who": entry["actor_name"], "at": entry["at"]}
        for entry in entries_of("releases")
        if entry["about"] == digest
    ]


@access(roles=(Role.CATALOGUE,))
@require_POST
def review(request: RequestWithActor, digest: str) -> HttpResponseBase:
    """Approve a draft or send it back."""
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return _one(request, digest, form)
    approve, words = form.cleaned_data["verdict"] == "approve", form.cleaned_data["words"]
    return _done(
        request,
        digest,
        form,
        lambda: catalogue.review_release(request.actor, digest, approve=approve, words=words),
        "复核通过，可以发布了。" if approve else "已退回。",
    )


@access(roles=(Role.CATALOGUE,))
@require_POST
def publish(request: RequestWithActor, digest: str) -> HttpResponseBase:
    """Put a reviewed release in force."""
    return _done(
        request,
        digest,
        ReviewForm(),
        lambda: catalogue.publish_release(request.actor, digest),
        "已发布。新的申请从现在起按这个版本办理，已经提交的不变。",
    )


def _done(
    request: RequestWithActor, digest: str, form: ReviewForm, act: Callable[[], None], words: str
) -> HttpResponseBase:
    """Act, and say so on the page; an error is shown on the same page with what was typed."""
    try:
        act()
    except YiwangError as error:
        if error.kind is Kind.MISSING:
            raise NotFound(error.message, mend=error.mend) from error
        return _one(request, digest, form, error)
    messages.success(request, words)
    return redirect("console-release", digest)
