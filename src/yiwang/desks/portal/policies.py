# SPDX-License-Identifier: Apache-2.0
"""Policies for firms and people: one policy's guide, and what the other pages know of policies."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from yiwang.apps.catalogue.public import current
from yiwang.desks.access import access
from yiwang.engines.benefits import Policy
from yiwang.engines.benefits.kinds import FOR_WORDS, FORM_WORDS, PER_WORDS, Example, Money
from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.citing import cite_words
from yiwang.engines.rules import parse, words
from yiwang.engines.rules.table_reading import read_test
from yiwang.kernel.dates import format_date
from yiwang.kernel.errors import NotFound

WHY = "惠企惠民政策是公开信息"
_LARGE = re.compile(r"(?<![\d.])[1-9]\d{4,}(?![\d.])")


def policies_of(catalogue: Catalogue) -> Sequence[Policy]:
    """The policies of the release, by name."""
    known: Mapping[str, Any] = catalogue.others.get("policies", {})
    return sorted(known.values(), key=lambda policy: (policy.field, policy.name))


def state_of(policy: Policy, day: dt.date) -> str:
    """Whether a policy is in force, in words."""
    if policy.valid_to is not None and day > policy.valid_to:
        return "已到期"
    return "尚未开始" if policy.valid_from is not None and day < policy.valid_from else "有效"


def closed_words(catalogue: Catalogue, policy: Policy) -> str:
    """Why a policy takes no claims today, and what those can do who met it while it was in force."""
    day, ends = timezone.localdate(), policy.valid_to
    if policy.takes_claims_on(day):
        return ""
    if ends is None or day <= ends:
        return f"这项政策从{format_date(policy.valid_from or day)}起才有。"
    departments = "、".join(catalogue.orgs[one].name for one in policy.departments)
    late = policy.late_claims
    said = (
        f"到期以前符合条件的，补报也只收到{format_date(late.until)}。"
        if late
        else "文件没有写到期以后还收不收补报。"
    )
    return f"这项政策{format_date(ends)}到期了。{said}到期以前已经符合条件的，请带上材料问{departments}。"


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
            "condition": _said(found.when) if found.when else "",
            "amount": _said(money.rule) if money and money.rule else "",
            "scale": _scale(found),
            "cap": _said(money.cap.most) if money and money.cap else "",
            "per": PER_WORDS[money.per] if money else "",
            "form": FORM_WORDS[money.form] if money else "",
            "shares": list(_shares(money)) if money else [],
            "whom": FOR_WORDS[found.to],
            "cite": cite_words(catalogue, found.cite),
            "rivals": _rivals(catalogue, found),
            "closed": closed_words(catalogue, found) if found.item else "",
            "examples": [(one.says, _outcome(one)) for one in found.examples],
        },
    )


def _shares(money: Money) -> Iterator[str]:
    """Who pays how much of it, and when, in percent."""
    for payer in money.payers:
        yield f"{payer.who}承担{_percent(payer.share)}"
    for one in money.instalments:
        yield f"第{one.year}年付{_percent(one.share)}"


def _percent(share: Decimal) -> str:
    return f"{(share * 100).normalize():f}%"


def _scale(found: Policy) -> list[tuple[str, str]]:
    """The steps of a scale in words: what is tested, what is given."""
    tiers = found.money.tiers if found.money else None
    if tiers is None:
        return []
    measure = parse(tiers.of)
    return [(in_wan(words(read_test(one.test, measure))), _said(one.gives)) for one in tiers.rows]


def _said(rule: str) -> str:
    return in_wan(words(parse(rule)))


def in_wan(text: str) -> str:
    """Large round numbers as people say them: 5000000 is 500万, 120000000 is 1.2亿."""
    return _LARGE.sub(lambda found: _short(int(found[0])), text)


def _short(number: int) -> str:
    for unit, size in (("亿", 100_000_000), ("万", 10_000)):
        if number >= size and number % (size // 100) == 0:
            return f"{(Decimal(number) / size).normalize():f}{unit}"
    return str(number)


def _outcome(example: Example) -> str:
    """How an example comes out, in words."""
    if example.needs:
        return f"还不能确定，要先知道{'、'.join(example.needs)}"
    if example.gives is None:
        return "符合" if example.fits else "不符合"
    return in_wan(f"{example.gives}") + "元" if example.gives else "没有"


def _rivals(catalogue: Catalogue, found: Policy) -> list[Policy]:
    groups = {one.group for one in found.not_with}
    return [
        one
        for one in policies_of(catalogue)
        if one.id != found.id and groups & {each.group for each in one.not_with}
    ]
