# SPDX-License-Identifier: Apache-2.0
"""Policies in the console: the list, a draft's page, the form it is written in, its file."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.apps.catalogue import public as catalogue
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.middleware import STATUS
from yiwang.engines.benefits import Policy, facts_needed
from yiwang.kernel.actor import Role
from yiwang.kernel.errors import Conflict, Kind, NotFound, YiwangError
from yiwang.kernel.money import format_fen

from .named import DEPARTMENT, as_file
from .policy_changes import differences, steps_of, text_difference
from .policy_facts import facts_like
from .policy_form import page_of, typed_in

WRITERS: Final = (*DEPARTMENT, Role.CATALOGUE)
READERS: Final = (*WRITERS, Role.AUDITOR)
_LONGEST: Final = 60  # letters of what is looked for
_FEW: Final = 20  # policies that are shown at once; more are folded away by field


@access(roles=READERS)
@require_safe
def listed(request: RequestWithActor) -> HttpResponseBase:
    """The drafts and the published policies an officer may see."""
    drafts = catalogue.policy_drafts(request.actor)
    wanted = " ".join(request.GET.get("q", "").split())[:_LONGEST]
    known = catalogue.policies_of(request.actor)
    found = [(one, mine) for one, mine in known if _has(one, wanted)]
    context = {
        "open": [one for one in drafts if one.state not in ("published", "withdrawn")],
        "ended": [one for one in drafts if one.state in ("published", "withdrawn")][:20],
        "fields": _by_field(found),
        "wanted": wanted,
        "shown_open": bool(wanted) or len(found) <= _FEW,
        "any": bool(known),
        "today": timezone.localdate(),
        "may_begin": request.actor.has(*WRITERS),
        "amended": {one.policy.id for one in catalogue.amendments()},
    }
    return render(request, "desks/console/policies.html", context)


def _has(policy: Policy, wanted: str) -> bool:
    text = f"{policy.name} {policy.field} {policy.support} {policy.brings}"
    return all(word in text for word in wanted.split())


def _by_field(found: list[tuple[Policy, bool]]) -> list[tuple[str, list[tuple[Policy, bool]]]]:
    """The policies field by field, the largest first."""
    groups: dict[str, list[tuple[Policy, bool]]] = {}
    for one in found:
        groups.setdefault(one[0].field, []).append(one)
    return sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))


@access(roles=WRITERS)
@require_POST
def begin(request: RequestWithActor) -> HttpResponseBase:
    """Begin a draft of a published policy or a new one; an open one is gone on with."""
    draft = catalogue.begin_policy(request.actor, request.POST.get("policy", ""))
    return redirect("console-policy-edit", draft)


@access(roles=READERS)
@require_safe
def one(request: RequestWithActor, policy_draft: str) -> HttpResponseBase:
    """A draft: where it stands, how it differs from what is published, its tests, what comes next."""
    return shown(request, policy_draft)


def shown(
    request: RequestWithActor, policy_draft: str, error: YiwangError | None = None, **typed: Any
) -> HttpResponseBase:
    """The page of a draft; with an error, and what was typed in the form that met it."""
    draft = catalogue.policy_draft(request.actor, policy_draft)
    now = catalogue.current().catalogue
    if draft.view.state in ("published", "withdrawn"):
        changed: Any = ()
    else:
        changed = differences(draft.published, draft.checked.policy, now)
    source = draft.checked.source or now.sources.get(draft.typed["doc"])
    context = {
        "draft": draft,
        "one": draft.view,
        "changes": changed,
        "text_changes": text_difference(draft.published_text, draft.checked.text),
        "source": source,
        "trials": [_trial(each) for each in catalogue.trials_of(request.actor, policy_draft)],
        "may_test": draft.view.state in ("writing", "handed_in", "agreed") and request.actor.has(*WRITERS),
        "may_see_release": request.actor.has(Role.CATALOGUE, Role.AUDITOR),
        "history": steps_of(catalogue.draft_history(request.actor, policy_draft)),
        "departments": [now.orgs[one].name for one in draft.typed["departments"] if one in now.orgs],
        "error": error,
        "typed": typed,
    }
    return render(request, "desks/console/policy.html", context, status=STATUS[error.kind] if error else 200)


def _trial(trial: catalogue.TrialView) -> dict[str, Any]:
    after = trial.found["after"]
    return {"trial": trial, "fits": after["fits"], "money": format_fen(after["fen"])}


@access(roles=WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: RequestWithActor, policy_draft: str) -> HttpResponseBase:
    """The form of a draft. It is kept whatever is wrong in it; what cannot be kept is shown again."""
    if request.method != "POST":
        if not catalogue.policy_draft(request.actor, policy_draft).may_write:
            return redirect("console-policy", policy_draft)
        return _form(request, policy_draft)
    typed, do = typed_in(request.POST), request.POST.get("do", "save")
    if do == "find" or do.startswith("more-"):
        return _form(request, policy_draft, typed=typed, more=do.removeprefix("more-"))
    try:
        version = _version(request, policy_draft, anyway=do == "anyway")
        summary = request.POST.get("summary", "")
        catalogue.save_policy(request.actor, policy_draft, typed, version=version, summary=summary)
    except YiwangError as error:
        if error.kind is Kind.MISSING:
            raise
        return _form(request, policy_draft, typed=typed, error=error)
    wrong = len(catalogue.policy_draft(request.actor, policy_draft).checked.complaints)
    if wrong:
        messages.warning(request, f"已保存。还有 {wrong} 处要改，写在各栏旁边。")
        return redirect("console-policy-edit", policy_draft)
    messages.success(request, "已保存，检查没有问题。")
    return redirect("console-policy-edit" if do == "stay" else "console-policy", policy_draft)


def _version(request: RequestWithActor, policy_draft: str, *, anyway: bool) -> int:
    if anyway:
        return catalogue.policy_draft(request.actor, policy_draft).view.version
    return sent_version(request)


def sent_version(request: RequestWithActor) -> int:
    """Which version of the draft a page was about. Raises Conflict when it does not say."""
    version = request.POST.get("version", "")
    if not (version.isascii() and version.isdigit() and len(version) < 9):
        raise Conflict("这个页面不完整，不知道您看的是哪一份。", mend="请重新打开草稿再办。")
    return int(version)


def _form(
    request: RequestWithActor,
    policy_draft: str,
    *,
    typed: dict[str, Any] | None = None,
    more: str = "",
    error: YiwangError | None = None,
) -> HttpResponseBase:
    draft = catalogue.policy_draft(request.actor, policy_draft, typed)
    if not draft.may_write and typed is not None and error is None:
        error = Conflict(
            f"这份草稿现在是“{draft.view.state_term}”，不能改。", mend="请把写的抄下来，回到草稿页。"
        )
    now = catalogue.current().catalogue
    used = facts_needed([one for one in (draft.published, draft.checked.policy) if one is not None])
    post = request.POST
    context = {
        "draft": draft,
        "one": draft.view,
        "page": page_of(draft, now, more=more),
        "more": more,
        "facts": facts_like(now, post.get("q", ""), used),
        "version": post.get("version", draft.view.version) if typed is not None else draft.view.version,
        "summary": post.get("summary", "") if typed is not None else draft.view.summary,
        "error": error,
        "stale": isinstance(error, Conflict) and draft.may_write,
    }
    status = STATUS[error.kind] if error else 200
    return render(request, "desks/console/policy_edit.html", context, status=status)


@access(roles=READERS)
@require_safe
def file(request: RequestWithActor, policy_draft: str) -> HttpResponseBase:
    """The definition file of a draft, as the engine reads it; `part=source`: of the source it brings."""
    draft = catalogue.policy_draft(request.actor, policy_draft)
    of_source = request.GET.get("part") == "source"
    text = draft.checked.source_text if of_source else draft.checked.text
    if not text:
        raise NotFound("这份草稿没有带新的来源文件。", mend="请回到草稿。")
    name = draft.typed["source"]["id"] if of_source else draft.view.policy
    answer = HttpResponse(text.encode(), content_type="application/yaml; charset=utf-8")
    return as_file(answer, f"{name}.yaml")
