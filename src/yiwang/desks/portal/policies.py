# SPDX-License-Identifier: Apache-2.0
"""Policies for firms and people: the published lists, and one policy's guide."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from yiwang.apps.catalogue.public import current
from yiwang.desks.access import access
from yiwang.engines.benefits import Policy
from yiwang.engines.benefits.kinds import PER_WORDS, View
from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.planning.citations import cite_words
from yiwang.engines.rules import parse, words
from yiwang.engines.rules.table_reading import read_test
from yiwang.kernel.errors import NotFound

WHY = "惠企惠民政策是公开信息"


def policies_of(catalogue: Catalogue) -> Sequence[Policy]:
    """The policies of the release, by name."""
    known: Mapping[str, Any] = catalogue.others.get("policies", {})
    return sorted(known.values(), key=lambda policy: (policy.field, policy.name))


def state_of(policy: Policy, day: dt.date) -> str:
    """Whether a policy is in force, in words."""
    if policy.valid_to is not None and day > policy.valid_to:
        return "已到期"
    return "尚未开始" if policy.valid_from is not None and day < policy.valid_from else "有效"


@access(public=True, why=WHY)
@require_safe
def policies(request: HttpRequest) -> HttpResponseBase:
    """The lists: all of them, or one (`list`), in force first."""
    catalogue, day = current().catalogue, timezone.localdate()
    views = [view.value for view in View]
    wanted = request.GET.get("list", "")
    chosen = [
        p for p in policies_of(catalogue) if wanted not in views or wanted in {v.value for v in p.views}
    ]
    rows = [(policy, state_of(policy, day)) for policy in chosen]
    rows.sort(key=lambda row: row[1] != "有效")
    return render(
        request,
        "desks/portal/policies.html",
        {"views": views, "wanted": wanted if wanted in views else "", "rows": rows},
    )


@access(public=True, why=WHY)
@require_safe
def policy(request: HttpRequest, policy: str) -> HttpResponseBase:
    """The guide of one policy: what it gives, to whom, how, by which clause."""
    catalogue = current().catalogue
    found = next((one for one in policies_of(catalogue) if one.id == policy), None)
    if found is None:
        raise NotFound("没有这项政策。", mend="请回到政策清单查找，或拨打12345。")
    money = found.money
    return render(
        request,
        "desks/portal/policy.html",
        {
            "policy": found,
            "state": state_of(found, timezone.localdate()),
            "departments": [catalogue.orgs[one].name for one in found.departments],
            "condition": words(parse(found.when)) if found.when else "",
            "amount": words(parse(money.rule)) if money and money.rule else "",
            "scale": _scale(found),
            "cap": words(parse(money.cap.most)) if money and money.cap else "",
            "per": PER_WORDS[money.per] if money else "",
            "cite": cite_words(catalogue, found.cite),
            "rivals": _rivals(catalogue, found),
        },
    )


def _scale(found: Policy) -> list[tuple[str, str]]:
    """The steps of a scale in words: what is tested, what is given."""
    tiers = found.money.tiers if found.money else None
    if tiers is None:
        return []
    measure = parse(tiers.of)
    return [(words(read_test(one.test, measure)), words(parse(one.gives))) for one in tiers.rows]


def _rivals(catalogue: Catalogue, found: Policy) -> list[Policy]:
    groups = {one.group for one in found.not_with}
    return [
        one
        for one in policies_of(catalogue)
        if one.id != found.id and groups & {each.group for each in one.not_with}
    ]
