# SPDX-License-Identifier: Apache-2.0
"""The money of a policy as its owner types it, and as the definition that comes of it: a rule or a scale, its
cap, who pays which share, in which instalments, from which budget. Shares are typed in percent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from yiwang.engines.rules import RuleError

from .complaint import Complaint
from .example_lines import number_of

Typed = Mapping[str, Any]
CITE: Final = ("doc", "at", "quote")
MONEY: Final = ("kind", "rule", "tiers_of", "otherwise", "per", "form", "upper_bound")
CAP: Final = ("cap", *(f"cap_{key}" for key in CITE))
BUDGET: Final = (
    *("budget", "budget_order", "budget_short", "budget_closes", "budget_rank"),
    *(f"budget_{key}" for key in CITE),
)
ROWS: Final = {"tiers": ("test", "gives"), "payers": ("who", "share"), "instalments": ("year", "share")}
_DEFAULTS: Final = {"per": "once", "form": "paid"}
_HUNDRED: Final = Decimal(100)


def typed_money(money: Typed) -> dict[str, Any]:
    """The fields that this money would have been typed in."""
    tiers, cap, budget = (money.get(key) or {} for key in ("tiers", "cap", "budget"))
    return {
        "kind": "tiers" if tiers else "rule" if money else "none",
        "rule": money.get("rule"),
        "tiers_of": tiers.get("of"),
        "tiers": tiers.get("rows", []),
        "otherwise": tiers.get("otherwise"),
        "cap": cap.get("most"),
        **typed_cite("cap", cap.get("cite")),
        **{key: money.get(key, default) for key, default in _DEFAULTS.items()},
        "upper_bound": "yes" if money.get("upper_bound") else "",
        "payers": [{"who": one["who"], "share": _percent(one["share"])} for one in money.get("payers", [])],
        "instalments": [
            {"year": str(one["year"]), "share": _percent(one["share"])}
            for one in money.get("instalments", [])
        ],
        "budget": _plain(budget["yuan"]) if budget else "",
        **{f"budget_{key}": budget.get(key) for key in ("order", "closes", "rank")},
        "budget_short": budget.get("short", "queue"),
        **typed_cite("budget", budget.get("cite")),
    }


def typed_cite(of: str, cite: Typed | None) -> dict[str, Any]:
    """The fields of a citation other than the policy's own."""
    return {f"{of}_{key}": (cite or {}).get(key) for key in CITE}


def composed_cite(of: str, typed: Typed) -> dict[str, Any]:
    """A citation as typed; where nothing is written it is the policy's own document and place."""
    doc = typed[f"{of}_doc"] or (typed["source"]["id"] if typed["doc"] == "new" else typed["doc"])
    cite = {"doc": doc, "at": typed[f"{of}_at"] or typed["at"]}
    return cite | ({"quote": typed[f"{of}_quote"]} if typed[f"{of}_quote"] else {})


def _percent(share: Decimal) -> str:
    return _plain(share * _HUNDRED)


def _plain(number: Decimal) -> str:
    return format(number.normalize(), "f")


def composed_money(typed: Typed, complaints: list[Complaint]) -> dict[str, Any]:
    """The money that was typed; empty for a policy that gives none. What cannot be read is complained about
    and left out."""
    if typed["kind"] not in ("rule", "tiers"):
        return {}
    money = _rule(typed, complaints) if typed["kind"] == "rule" else _scale(typed, complaints)
    if typed["cap"]:
        money["cap"] = {"most": typed["cap"], "cite": composed_cite("cap", typed)}
    money |= {key: typed[key] for key, default in _DEFAULTS.items() if typed[key] not in ("", default)}
    money |= {"upper_bound": True} if typed["upper_bound"] else {}
    for key, first in (("payers", "who"), ("instalments", "year")):
        if typed[key]:
            money[key] = _shares(key, first, typed[key], complaints)
    return money | ({"budget": _budget(typed, complaints)} if _has_budget(typed) else {})


def _rule(typed: Typed, complaints: list[Complaint]) -> dict[str, Any]:
    if not typed["rule"]:
        mend = "写一个算式，例如：设备投资额 * 0.3；不给钱的选“不给钱”"
        complaints.append(Complaint("rule", "没有写给多少", mend))
    return {"rule": typed["rule"]}


def _scale(typed: Typed, complaints: list[Complaint]) -> dict[str, Any]:
    if not typed["tiers_of"] or not typed["tiers"]:
        complaints.append(Complaint("tiers_of", "分档没有写全", "写明按什么分档，至少写一档"))
    tiers: dict[str, Any] = {"of": typed["tiers_of"], "rows": [dict(row) for row in typed["tiers"]]}
    return {"tiers": tiers | ({"otherwise": typed["otherwise"]} if typed["otherwise"] else {})}


def _shares(
    key: str, first: str, rows: Sequence[Mapping[str, str]], complaints: list[Complaint]
) -> list[dict[str, Any]]:
    """Rows with a share each; together they must be the whole."""
    found: list[dict[str, Any]] = []
    before = len(complaints)
    for place, row in enumerate(rows):
        try:
            share = Decimal(number_of("份额", row["share"].rstrip("%％"))) / _HUNDRED
            name = row[first] if first == "who" else number_of("年份", row[first])
        except RuleError as error:
            complaints.append(Complaint(f"{key}-{place}", error.what.rstrip("。"), error.mend))
            continue
        complaints += _row(f"{key}-{place}", name, share)
        found.append({first: name, "share": share})
    whole = sum((one["share"] for one in found), Decimal(0))
    if len(complaints) == before and whole != 1:
        mend = "各行的百分数相加要正好是100"
        complaints.append(Complaint(f"{key}-0", f"加起来是{_percent(whole)}，不是100", mend))
    return found


def _row(key: str, name: int | str, share: Decimal) -> Iterator[Complaint]:
    if name == "":
        yield Complaint(key, "没有写由谁承担", "例如：市财政、受益财政、企业所在县区")
    if not 0 < share <= 1:
        yield Complaint(key, f"份额{_percent(share)}不对", "写百分数，例如一半写 50")
    if isinstance(name, int) and not 1 <= name <= 20:
        yield Complaint(key, f"第{name}年不对", "第一年写 1，最多到第 20 年")


def _has_budget(typed: Typed) -> bool:
    return any(typed[key] for key in BUDGET if key != "budget_short")


def _budget(typed: Typed, complaints: list[Complaint]) -> dict[str, Any]:
    found: dict[str, Any] = {"yuan": 0, "order": typed["budget_order"]}
    try:
        found["yuan"] = Decimal(number_of("预算", typed["budget"]))
    except RuleError as error:
        complaints.append(Complaint("budget", error.what.rstrip("。"), "写一年一共多少元，例如：2000000"))
    if not typed["budget_order"]:
        complaints.append(Complaint("budget_order", "没有写先给谁", "例如：按市里复核通过的先后"))
    found |= {"rank": typed["budget_rank"]} if typed["budget_rank"] else {}
    short, closes = typed["budget_short"], typed["budget_closes"]
    found |= {"short": short} if short == "share" else {}
    found |= {"closes": closes} if closes else {}
    if (short == "share") != bool(closes):
        what = "按比例分，要写哪一天一起分" if short == "share" else "按次序给的，不写哪一天一起分"
        complaints.append(Complaint("budget_closes", what, "按比例的写月-日，例如：12-20；按次序的空着"))
    return found | {"cite": composed_cite("budget", typed)}
