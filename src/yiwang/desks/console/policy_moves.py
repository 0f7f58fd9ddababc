# SPDX-License-Identifier: Apache-2.0
"""What is done with a policy's draft: handed in, withdrawn, reviewed, published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from yiwang.apps.catalogue import public as catalogue
from yiwang.desks.access import RequestWithActor, access
from yiwang.kernel.actor import Role
from yiwang.kernel.errors import Invalid, Kind, YiwangError

from .policies import WRITERS, sent_version, shown


@access(roles=WRITERS)
@require_POST
def hand_in(request: RequestWithActor, policy_draft: str) -> HttpResponseBase:
    """Hand a draft in for review."""
    return _done(
        request,
        policy_draft,
        lambda version: catalogue.hand_in_policy(request.actor, policy_draft, version=version),
        "已送审，请一位没有写过它的目录管理员复核。",
    )


@access(roles=WRITERS)
@require_POST
def withdraw(request: RequestWithActor, policy_draft: str) -> HttpResponseBase:
    """Give a draft up."""
    return _done(
        request,
        policy_draft,
        lambda version: catalogue.withdraw_policy(request.actor, policy_draft, version=version),
        "草稿已作废，现行的政策没有变。",
    )


@access(roles=(Role.CATALOGUE,))
@require_POST
def review(request: RequestWithActor, policy_draft: str) -> HttpResponseBase:
    """Agree to a draft, or send it back."""
    verdict, words = request.POST.get("verdict", ""), request.POST.get("words", "")

    def act(version: int) -> None:
        if verdict not in ("approve", "reject"):
            raise Invalid("没有选同意还是退回。", mend="请选一个。", field="verdict")
        catalogue.review_policy(
            request.actor, policy_draft, version=version, approve=verdict == "approve", words=words
        )

    said = "复核通过，可以发布了。" if verdict == "approve" else "已退回给起草的人。"
    return _done(request, policy_draft, act, said, words=words, verdict=verdict)


@access(roles=(Role.CATALOGUE,))
@require_POST
def publish(request: RequestWithActor, policy_draft: str) -> HttpResponseBase:
    """Put a reviewed draft in force, now or on a day."""
    given = request.POST.get("on", "").strip()

    def act(version: int) -> None:
        catalogue.publish_policy(request.actor, policy_draft, version=version, on=_day(given))

    said = f"定好了，{given} 由系统发布。" if given else "已发布。计算器、政策清单和比对从现在起按新的算。"
    return _done(request, policy_draft, act, said, on=given)


def _day(given: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(given) if given else None
    except ValueError:
        raise Invalid(f"没有“{given}”这一天。", mend="写成 2026-01-31 的样子。", field="on") from None


def _done(
    request: RequestWithActor, policy_draft: str, act: Callable[[int], object], said: str, **typed: Any
) -> HttpResponseBase:
    """Act on the version that was seen, and say so; an error is told on that page, with what was typed."""
    try:
        act(sent_version(request))
    except YiwangError as error:
        if error.kind is Kind.MISSING:
            raise
        return shown(request, policy_draft, error, **typed)
    messages.success(request, said)
    return redirect("console-policy", policy_draft)
