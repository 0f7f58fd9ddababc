# SPDX-License-Identifier: Apache-2.0
"""What is asked for, what may be granted: terms that can only become narrower.

A provider may give fewer fields, masked instead of plain, a lower rate, a shorter time, with the
reason; never more than was asked. Who needs more makes a new request.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from yiwang.engines.definitions.citing import place_words
from yiwang.engines.exchange import Mask, Resource, Sharing

_SHORTEST, _LONGEST = 5, 500
_MANY = 10**9


@dataclass(frozen=True)
class NewRequest:
    """What a user department asks for.

    Args:
        resource: id of the data resource. org: the department that asks.
        fields: ids of the information items, in the order of the catalogue.
        plain: item id → why its masked form will not do.
        purpose: what for, in one sentence. basis: law or duty list that says so, with the clause.
        item: id of the business item (事项) it is for; empty when it is for no item.
        per_minute, per_day: most calls. valid_from, valid_until: both days included.
        batch: whether whole deliveries are wanted. cache_seconds: how long an answer may be kept.
        third_party: whom the data will be passed on to, with `third_party_why`; empty: nobody.
    """

    resource: str
    org: str
    fields: tuple[str, ...]
    purpose: str
    basis: str
    valid_from: dt.date
    valid_until: dt.date
    per_minute: int
    per_day: int
    plain: Mapping[str, str] = field(default_factory=dict)
    item: str = ""
    batch: bool = False
    cache_seconds: int = 0
    third_party: str = ""
    third_party_why: str = ""


@dataclass(frozen=True)
class Terms:
    """What a provider gives."""

    fields: tuple[str, ...]
    plain: frozenset[str]
    per_minute: int
    per_day: int
    valid_until: dt.date
    batch: bool = False
    cache_seconds: int = 0
    third_party: str = ""


@dataclass(frozen=True)
class Limits:
    """The city's own figures: what nobody may ask beyond."""

    per_minute: int
    per_day: int
    days: int
    cache_seconds: int


Complaint = tuple[str, str]
"""Which field of the form, and what is wrong with it."""


def terms_of(asked: NewRequest) -> Terms:
    """Everything that was asked."""
    return Terms(
        fields=asked.fields,
        plain=frozenset(asked.plain),
        per_minute=asked.per_minute,
        per_day=asked.per_day,
        valid_until=asked.valid_until,
        batch=asked.batch,
        cache_seconds=asked.cache_seconds,
        third_party=asked.third_party,
    )


def refusal_of(resource: Resource, org: str) -> str:
    """Why a department cannot ask for this resource at all, with the legal basis; empty when it can."""
    if resource.sharing is Sharing.NOT_SHARED:
        cited = resource.not_shared
        where = "：".join(filter(None, (place_words(cited), cited.quote))) if cited else ""
        return f"“{resource.name}”不予共享，依据见目录（{where}），不能申请。"
    if resource.provider == org:
        return f"“{resource.name}”就是本部门的数据，不用申请。"
    return ""


def complaints(asked: NewRequest, resource: Resource, limits: Limits, today: dt.date) -> list[Complaint]:
    """Everything that is wrong with a request, at once."""
    return [
        *_about_fields(asked, resource),
        *_about_words(asked),
        *_about_figures(asked, limits),
        *_about_days(asked, limits, today),
    ]


def _about_fields(asked: NewRequest, resource: Resource) -> list[Complaint]:
    known = {one.id: one for one in resource.fields}
    found: list[Complaint] = []
    if not asked.fields:
        found.append(("fields", "请至少勾选一个信息项：只申请办这件事用得上的。"))
    if len(set(asked.fields)) != len(asked.fields) or not set(asked.fields) <= set(known):
        found.append(("fields", "有的信息项目录里没有，请刷新页面后重新勾选。"))
    for one, why in asked.plain.items():
        if one not in asked.fields:
            found.append(("plain", "要看原值的信息项，先要勾选申请它。"))
        elif known.get(one) and known[one].mask is not Mask.NONE and len(why.strip()) < _SHORTEST:
            found.append((f"why-{one}", f"请写明“{known[one].name}”为什么一定要看原值、脱敏的为什么不行。"))
    return found


def _about_words(asked: NewRequest) -> list[Complaint]:
    found: list[Complaint] = []
    for name, text, words in (
        ("purpose", asked.purpose, "请写明拿来做什么，一句话说清楚。"),
        ("basis", asked.basis, "请写明依据：哪部法律、法规或职责清单的哪一条。"),
    ):
        if not _SHORTEST <= len(text.strip()) <= _LONGEST:
            found.append((name, f"{words}（{_SHORTEST}到{_LONGEST}个字）"))
    if asked.third_party.strip() and len(asked.third_party_why.strip()) < _SHORTEST:
        found.append(("third_party_why", "要提供给第三方的，请写明提供给谁、为什么、怎样保护。"))
    return found


def _about_figures(asked: NewRequest, limits: Limits) -> list[Complaint]:
    found: list[Complaint] = []
    for name, value, least, most, what in (
        ("per_minute", asked.per_minute, 1, limits.per_minute, "每分钟最多调用"),
        ("per_day", asked.per_day, 1, limits.per_day, "每天最多调用"),
        ("cache_seconds", asked.cache_seconds, 0, limits.cache_seconds, "缓存秒数"),
    ):
        if not least <= value <= min(most, _MANY):
            found.append((name, f"“{what}”请填{least}到{most}之间的整数。"))
    if asked.per_day < asked.per_minute:
        found.append(("per_day", "“每天最多调用”不能比“每分钟最多调用”还少。"))
    return found


def _about_days(asked: NewRequest, limits: Limits, today: dt.date) -> list[Complaint]:
    if asked.valid_until < asked.valid_from:
        return [("valid_until", "“用到哪一天”不能早于“从哪一天起”。")]
    if asked.valid_until < today:
        return [("valid_until", "“用到哪一天”已经过去了，请重新填。")]
    if (asked.valid_until - max(asked.valid_from, today)).days > limits.days:
        return [("valid_until", f"一次最多申请{limits.days}天，到期前可以再申请。")]
    return []


def narrowings(asked: NewRequest, terms: Terms) -> list[str]:
    """In what the terms give less than was asked, in words."""
    whole = terms_of(asked)
    checks = (
        (set(terms.fields) < set(whole.fields), "减少了信息项"),
        (terms.plain < whole.plain & set(terms.fields), "原值改为脱敏"),
        (terms.per_minute < whole.per_minute or terms.per_day < whole.per_day, "降低了调用频次"),
        (terms.valid_until < whole.valid_until, "缩短了期限"),
        (whole.batch and not terms.batch, "不批量提供"),
        (terms.cache_seconds < whole.cache_seconds, "缩短了缓存时间"),
        (bool(whole.third_party) and not terms.third_party, "不同意提供给第三方"),
    )
    return [words for is_so, words in checks if is_so]


def widenings(asked: NewRequest, terms: Terms) -> list[str]:
    """In what the terms give more than was asked: there must be none."""
    whole = terms_of(asked)
    checks = (
        (not set(terms.fields) <= set(whole.fields), "信息项"),
        (not terms.plain <= whole.plain & set(terms.fields), "原值"),
        (terms.per_minute > whole.per_minute, "每分钟调用次数"),
        (terms.per_day > whole.per_day, "每天调用次数"),
        (terms.valid_until > whole.valid_until, "期限"),
        (terms.batch and not whole.batch, "批量提供"),
        (terms.cache_seconds > whole.cache_seconds, "缓存时间"),
        (terms.third_party not in ("", whole.third_party), "第三方"),
    )
    return [words for is_so, words in checks if is_so]


def unsound(asked: NewRequest, terms: Terms) -> list[str]:
    """What makes the terms no grant at all, in words."""
    checks = (
        (not terms.fields, "至少要给一个信息项"),
        (terms.per_minute < 1 or terms.per_day < 1, "调用次数至少是1"),
        (terms.cache_seconds < 0, "缓存秒数不能是负数"),
        (terms.valid_until < asked.valid_from, "期限不能早于开始的那天"),
    )
    return [words for is_so, words in checks if is_so]
