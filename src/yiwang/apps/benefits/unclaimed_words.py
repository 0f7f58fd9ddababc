# SPDX-License-Identifier: Apache-2.0
"""The letter about what somebody should have but has not: what it brings, why, how to apply, how to stop it.

Values of facts are not in it: they are on the page behind the log-in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from yiwang.engines.benefits import Policy, facts_needed
from yiwang.engines.benefits.kinds import PER_WORDS
from yiwang.engines.definitions import Catalogue
from yiwang.kernel.money import format_fen

_SHOWN = 3  # facts that are named


def letter_of(
    catalogue: Catalogue, policies: Sequence[tuple[Policy, int]], origin: Callable[[str], str]
) -> tuple[str, str]:
    """Title and text of one letter about policies and what each is worth (fen); `origin`: from where a fact
    is known, in words, by name; empty when it is not."""
    title = "有一项政策您可以申报" if len(policies) == 1 else f"有{len(policies)}项政策您可以申报"
    lines = ["按政府已有的信息比对，您符合下面的政策，这里没有查到您申报过："]
    for number, (policy, fen) in enumerate(policies, 1):
        lines += [f"{number}. {policy.name}：{money_words(policy, fen)}。{_why(policy, origin)}"]
        lines += [how_words(catalogue, policy)]
    lines += [
        "逐项的依据和申报的入口，在“我的惠企惠民”的“可以申报的”里。是不是能享受，以部门审核为准；已经报过的不用理会。",
        "不想再收这样的信：在“我的惠企惠民”里选“不再写信”。页面上照样能看到。",
    ]
    return title, "\n".join(lines)


def money_words(policy: Policy, fen: int) -> str:
    """What it would bring, e.g. 一次性最多￥200,000.00."""
    assert policy.money is not None  # only policies with money are told
    most = "最多" if policy.money.upper_bound else ""
    return f"{PER_WORDS[policy.money.per]}{most}{format_fen(fen)}"


def how_words(catalogue: Catalogue, policy: Policy) -> str:
    """How to apply: online, or with whom."""
    if policy.item:
        return "怎么申报：网上申报，点“去申领”，已有的信息不用再填。"
    names = "、".join(catalogue.orgs[one].name for one in policy.departments if one in catalogue.orgs)
    return f"怎么申报：找{names}，办法见政策页；也可以打12345请人帮您问。"


def _why(policy: Policy, origin: Callable[[str], str]) -> str:
    places: dict[str, list[str]] = {}
    for name in facts_needed([policy]):
        if place := origin(name):
            places.setdefault(place, []).append(name)
    told = [f"{place}里的{_named(names)}" for place, names in places.items()]
    return f"依据：{'；'.join(told)}。" if told else ""


def _named(names: Sequence[str]) -> str:
    more = f"等{len(names)}项" if len(names) > _SHOWN else ""
    return "、".join(f"“{name}”" for name in names[:_SHOWN]) + more
