# SPDX-License-Identifier: Apache-2.0
"""A policy as its owner types it on a page, and as the definition that comes of it.

What is typed is kept as typed (texts and lists of texts by field), sound or not. `composed` makes the
content of a definition file of it; `typed_of` takes an existing policy apart again, so that what nobody
touches comes back as it was. Keys that have no field of their own stand in `rest`, as YAML.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from yiwang.engines.definitions.kinds.base import Part
from yiwang.engines.definitions.reading import plain, read
from yiwang.engines.definitions.writing import as_yaml, content_of
from yiwang.engines.rules import RuleError, Type

from .condition_lines import composed_when, lines_of
from .example_lines import facts_from, outcome_from, typed_example
from .kinds import Money, Policy

Typed = Mapping[str, Any]
TEXTS: Final = ("id", "name", "to", "field", "support", "brings", "valid_from", "valid_to", "discretion")
MANY: Final = ("views", "departments")
MONEY: Final = ("kind", "rule", "tiers_of", "otherwise", "per", "upper_bound")
CAP: Final = ("cap", "cap_doc", "cap_at", "cap_quote")
CITE: Final = ("doc", "at", "quote")
ROWS: Final = {"tiers": ("test", "gives"), "examples": ("says", "facts", "on", "outcome", "value")}
SOURCE: Final = ("id", "name", "kind", "number", "publisher", "published")
MOST_ROWS: Final = 60  # conditions, steps of a scale, examples
MOST_LETTERS: Final = 4_000  # of one field
_OWN = {*TEXTS, *MANY, "when", "money", "cite", "procedure", "examples"}
_OWN_MONEY = {"rule", "tiers", "cap", "per", "upper_bound"}
_REQUIRED = {
    "id": "编号", "name": "名称", "to": "给谁", "views": "列入哪些清单", "field": "支持领域",
    "support": "支持方式", "departments": "责任部门", "brings": "一句话说给什么",
    "doc": "来源文件", "at": "条、款或行号",
}  # fmt: skip


@dataclass(frozen=True)
class Complaint:
    """Something to mend, beside the field it is about (`conditions-1`: the second condition)."""

    field: str
    what: str
    mend: str = ""


@dataclass
class Composed:
    """The contents of the definition files of a draft, and what cannot be put into them."""

    policy: dict[str, Any]
    source: dict[str, Any] | None = None
    complaints: list[Complaint] = field(default_factory=list)


def tidied(typed: Typed) -> dict[str, Any]:
    """What was typed, rows with nothing in them left out. What is beyond the bounds is cut just behind them,
    so that `composed` can tell of it."""
    kept: dict[str, Any] = {
        key: _text(typed.get(key)) for key in (*TEXTS, *MONEY, *CAP, *CITE, "procedure", "rest")
    }
    kept |= {
        key: [_text(one) for one in typed.get(key) or []][: MOST_ROWS + 1] for key in (*MANY, "conditions")
    }
    kept["conditions"] = [one for one in kept["conditions"] if one]
    for key, parts in ROWS.items():
        rows = [
            {part: _text(row.get(part)) for part in parts} for row in (typed.get(key) or [])[: MOST_ROWS + 1]
        ]
        kept[key] = [row for row in rows if any(row[part] for part in parts if part != "outcome")]
    given = typed.get("source") or {}
    kept["source"] = {part: _text(given.get(part)) for part in SOURCE}
    return kept


def _text(value: object) -> str:
    return str(value or "").replace("\r\n", "\n").strip()[: MOST_LETTERS + 1]


def blank(identity: str) -> dict[str, Any]:
    """A draft with nothing in it but its id."""
    return tidied({"id": identity, "to": "firm", "kind": "rule", "per": "once"})


# ---- from a policy to its fields


def typed_of(policy: Policy) -> dict[str, Any]:
    """The fields that this policy would have been typed in."""
    content = content_of(policy)
    money: dict[str, Any] = content.get("money", {})
    tiers, cap = money.get("tiers") or {}, money.get("cap") or {}
    rest = {key: value for key, value in content.items() if key not in _OWN}
    if more := {key: value for key, value in money.items() if key not in _OWN_MONEY}:
        rest["money"] = more
    cap_cite = cap.get("cite") or {}
    return tidied(
        {
            **{key: content.get(key) for key in (*TEXTS, *MANY)},
            "conditions": lines_of(policy.when) if policy.when else [],
            "kind": "tiers" if tiers else "rule" if money else "none",
            "rule": money.get("rule"),
            "tiers_of": tiers.get("of"),
            "tiers": tiers.get("rows", []),
            "otherwise": tiers.get("otherwise"),
            "cap": cap.get("most"),
            **{f"cap_{key}": cap_cite.get(key) for key in CITE},
            "per": money.get("per", "once"),
            "upper_bound": "yes" if money.get("upper_bound") else "",
            **{key: content["cite"].get(key) for key in CITE},
            "procedure": "\n".join(content.get("procedure", [])),
            "examples": [typed_example(one) for one in content.get("examples", [])],
            "rest": as_yaml(rest) if rest else "",
        }
    )


# ---- from the fields to a definition


def composed(typed: Typed, types: Mapping[str, Type]) -> Composed:
    """The definitions that were typed. What cannot be read is complained about and left out."""
    found = Composed({})
    found.complaints += [
        Complaint(key, f"没有写{words}", _how(key)) for key, words in _REQUIRED.items() if not typed[key]
    ]
    found.complaints += _too_much(typed)
    content = found.policy
    content |= {key: typed[key] for key in ("id", "name") if typed[key]}
    content |= dict(_days(typed, found.complaints))
    content |= {key: typed[key] for key in ("to", *MANY, "field", "support", "brings") if typed[key]}
    if typed["conditions"]:
        content["when"] = composed_when(typed["conditions"])
    rest = _rest(typed["rest"], found.complaints)
    if money := {**_money(typed, found.complaints), **(rest.pop("money", None) or {})}:
        content["money"] = money
    content |= rest
    if typed["procedure"]:
        content["procedure"] = [line.strip() for line in typed["procedure"].split("\n") if line.strip()]
    content |= {"discretion": typed["discretion"]} if typed["discretion"] else {}
    content["cite"] = _cite(typed, found)
    content["examples"] = list(_examples(typed, types, found.complaints))
    found.policy = _in_order(content, Policy)
    if isinstance(content.get("money"), dict):
        found.policy["money"] = _in_order(content["money"], Money)
    return found


def _in_order(content: dict[str, Any], kind: type[Part]) -> dict[str, Any]:
    """The keys as definitions have them; what no definition has, after them."""
    order = {key: place for place, key in enumerate(kind.model_fields)}
    return dict(sorted(content.items(), key=lambda one: order.get(one[0], len(order))))


def _too_much(typed: Typed) -> Iterator[Complaint]:
    for key in ("conditions", *ROWS):
        if len(typed[key]) > MOST_ROWS:
            yield Complaint(f"{key}-0", f"超过 {MOST_ROWS} 行，后面的没有读", "请合并成几行，或拆成几项政策")
    for key, value in typed.items():
        texts = value if isinstance(value, list) and key in (*MANY, "conditions") else [value]
        if any(isinstance(one, str) and len(one) > MOST_LETTERS for one in texts):
            place = "conditions-0" if key == "conditions" else key
            yield Complaint(place, f"超过 {MOST_LETTERS} 个字，后面的没有读", "请写短一些")


def _how(key: str) -> str:
    told = {
        "doc": "没有来源的规则不能定稿：请选择文件，或登记一个新的",
        "at": "写明出自哪一条，例如：第三条第（二）项",
    }
    return told.get(key, "请补上")


def _days(typed: Typed, complaints: list[Complaint]) -> Iterator[tuple[str, dt.date]]:
    for key in ("valid_from", "valid_to"):
        try:
            if typed[key]:
                yield key, dt.date.fromisoformat(typed[key])
        except ValueError:
            complaints.append(Complaint(key, f"没有“{typed[key]}”这一天", "写成 2026-01-31 的样子"))


def _money(typed: Typed, complaints: list[Complaint]) -> dict[str, Any]:
    if typed["kind"] not in ("rule", "tiers"):
        return {}
    money: dict[str, Any] = {}
    if typed["kind"] == "rule":
        if not typed["rule"]:
            complaints.append(
                Complaint("rule", "没有写给多少", "写一个算式，例如：设备投资额 * 0.3；不给钱的选“不给钱”")
            )
        money["rule"] = typed["rule"]
    else:
        if not typed["tiers_of"] or not typed["tiers"]:
            complaints.append(Complaint("tiers_of", "分档没有写全", "写明按什么分档，至少写一档"))
        money["tiers"] = {"of": typed["tiers_of"], "rows": [dict(row) for row in typed["tiers"]]}
        money["tiers"] |= {"otherwise": typed["otherwise"]} if typed["otherwise"] else {}
    if typed["cap"]:
        cite = {"doc": typed["cap_doc"] or typed["doc"], "at": typed["cap_at"] or typed["at"]}
        cite |= {"quote": typed["cap_quote"]} if typed["cap_quote"] else {}
        money["cap"] = {"most": typed["cap"], "cite": cite}
    money |= {"per": typed["per"]} if typed["per"] not in ("", "once") else {}
    return money | ({"upper_bound": True} if typed["upper_bound"] else {})


def _rest(text: str, complaints: list[Complaint]) -> dict[str, Any]:
    """The keys that have no field of their own."""
    if not text:
        return {}
    node, problems = read(text.encode(), "其他内容")
    complaints += [Complaint("rest", f"第 {one.line} 行：{one.what}", one.mend) for one in problems]
    content = plain(node) if node is not None and not problems else {}
    if not isinstance(content, dict):
        complaints.append(Complaint("rest", "应当是“键: 值”的几行", "每行写一个“键: 值”，英文冒号加空格"))
        return {}
    money = content.get("money")
    if money is not None and not isinstance(money, dict):
        complaints.append(Complaint("rest", "money 下面应当是“键: 值”的几行", "请缩进两格写"))
        return {}
    twice = [key for key in content if key in _OWN - {"money"}] + [
        key for key in money or {} if key in _OWN_MONEY
    ]
    complaints += [Complaint("rest", f"“{key}”在上面有自己的栏目", "请写在那里，从这里删去") for key in twice]
    return {} if twice else content


def _cite(typed: Typed, found: Composed) -> dict[str, Any]:
    cite = {key: typed[key] for key in CITE if typed[key]}
    if typed["doc"] == "new":
        given = {key: value for key, value in typed["source"].items() if value}
        missing = [key for key in ("id", "name", "kind", "publisher") if key not in given]
        if missing:
            found.complaints.append(
                Complaint("source", "新的来源文件没有写全", "编号、名称、种类、发文单位都要写")
            )
        if day := given.get("published"):
            try:
                given["published"] = dt.date.fromisoformat(day)
            except ValueError:
                found.complaints.append(Complaint("source", f"没有“{day}”这一天", "写成 2026-01-31 的样子"))
        found.source = given
        cite["doc"] = given.get("id", "")
    return cite


def _examples(
    typed: Typed, types: Mapping[str, Type], complaints: list[Complaint]
) -> Iterator[dict[str, Any]]:
    for place, row in enumerate(typed["examples"]):
        try:
            example: dict[str, Any] = {"says": row["says"] or f"例{place + 1}"}
            if facts := facts_from(row["facts"], types):
                example["facts"] = facts
            if row["on"]:
                example["on"] = dt.date.fromisoformat(row["on"])
            yield example | outcome_from(row["outcome"], row["value"])
        except RuleError as error:
            complaints.append(Complaint(f"examples-{place}", error.what, error.mend))
        except ValueError:
            complaints.append(
                Complaint(f"examples-{place}", f"没有“{row['on']}”这一天", "写成 2026-01-31 的样子")
            )
