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

from .complaint import Complaint
from .condition_lines import composed_when, lines_of
from .drafting_money import (
    BUDGET,
    CAP,
    CITE,
    MONEY,
    Typed,
    composed_cite,
    composed_money,
    typed_cite,
    typed_money,
)
from .drafting_money import ROWS as MONEY_ROWS
from .example_lines import facts_from, outcome_from, typed_example
from .kinds import Money, Policy

TEXTS: Final = (
    *("id", "name", "to", "level", "field", "support", "brings", "valid_from", "valid_to"),
    *("discretion", "takes", "item", "note"),
)
DAYS: Final = ("valid_from", "valid_to")
MANY: Final = ("views", "departments")
LINES: Final = {"procedure": "procedure", "papers": "papers", "claw_back": "claw_back", "guide": "conditions"}
"""Fields of one entry a line → the key of the definition."""
GROUP: Final = ("group", *(f"group_{key}" for key in CITE))
LATE: Final = ("late", *(f"late_{key}" for key in CITE))
ROWS: Final = {**MONEY_ROWS, "examples": ("says", "facts", "on", "outcome", "value")}
SINGLE: Final = (*TEXTS, *MONEY, *CAP, *BUDGET, *CITE, *GROUP, *LATE, *LINES, "rest")
"""The fields that hold one text."""
SOURCE: Final = ("id", "name", "kind", "number", "publisher", "published")
MOST_ROWS: Final = 60  # conditions, steps of a scale, examples
MOST_LETTERS: Final = 4_000  # of one field
_OWN: Final = {*TEXTS, *MANY, *LINES.values(), "when", "money", "cite", "examples", "not_with", "late_claims"}
_DEFAULTS: Final = {"level": "市"}
_REQUIRED = {
    "id": "编号", "name": "名称", "to": "给谁", "views": "列入哪些清单", "field": "支持领域",
    "support": "支持方式", "departments": "责任部门", "brings": "一句话说给什么",
    "doc": "来源文件", "at": "条、款或行号",
}  # fmt: skip


@dataclass
class Composed:
    """The contents of the definition files of a draft, and what cannot be put into them."""

    policy: dict[str, Any]
    source: dict[str, Any] | None = None
    complaints: list[Complaint] = field(default_factory=list)


def tidied(typed: Typed) -> dict[str, Any]:
    """What was typed, rows with nothing in them left out. What is beyond the bounds is cut just behind them,
    so that `composed` can tell of it."""
    kept: dict[str, Any] = {key: _text(typed.get(key)) for key in SINGLE}
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
    return tidied({"id": identity, "to": "firm", "level": "市", "kind": "rule", "per": "once"})


# ---- from a policy to its fields


def typed_of(policy: Policy) -> dict[str, Any]:
    """The fields that this policy would have been typed in."""
    content = content_of(policy)
    late = content.get("late_claims", {})
    group = (content.get("not_with") or [{}])[0]
    rest = {key: value for key, value in content.items() if key not in _OWN}
    return tidied(
        {
            **{key: content.get(key, _DEFAULTS.get(key)) for key in (*TEXTS, *MANY)},
            **{key: "\n".join(content.get(of, [])) for key, of in LINES.items()},
            **typed_money(content.get("money", {})),
            **{key: content["cite"].get(key) for key in CITE},
            **typed_cite("group", group.get("cite")),
            **typed_cite("late", late.get("cite")),
            "group": group.get("group"),
            "late": late.get("until"),
            "conditions": lines_of(policy.when) if policy.when else [],
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
    said = (key for key in (*TEXTS, *MANY) if key not in DAYS)
    content |= {key: typed[key] for key in said if typed[key] and typed[key] != _DEFAULTS.get(key)}
    content |= dict(_days(typed, found.complaints))
    if typed["conditions"]:
        content["when"] = composed_when(typed["conditions"])
    if money := composed_money(typed, found.complaints):
        content["money"] = _in_order(money, Money)
    content |= _rest(typed["rest"], found.complaints)
    for key, of in LINES.items():
        if lines := [line.strip() for line in typed[key].split("\n") if line.strip()]:
            content[of] = lines
    if typed["group"]:
        content["not_with"] = [{"group": typed["group"], "cite": composed_cite("group", typed)}]
    content["cite"] = _cite(typed, found)
    content["examples"] = list(_examples(typed, types, found.complaints))
    found.policy = _in_order(content, Policy)
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


def _days(typed: Typed, complaints: list[Complaint]) -> Iterator[tuple[str, Any]]:
    for key in (*DAYS, "late"):
        try:
            day = dt.date.fromisoformat(typed[key]) if typed[key] else None
        except ValueError:
            complaints.append(Complaint(key, f"没有“{typed[key]}”这一天", "写成 2026-01-31 的样子"))
            continue
        if day is not None and key != "late":
            yield key, day
        elif day is not None:
            complaints += _late(typed, day)
            yield "late_claims", {"until": day, "cite": composed_cite("late", typed)}


def _late(typed: Typed, day: dt.date) -> Iterator[Complaint]:
    """The days as written compare as texts."""
    if not typed["valid_to"]:
        yield Complaint("late", "没有写到哪天为止，就没有到期以后", "先写上面的“到哪天为止”，或者删去这一天")
    elif day.isoformat() <= typed["valid_to"]:
        yield Complaint("late", "不在到期以后", "写一个比“到哪天为止”晚的日子，或者删去")


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
    twice = [key for key in content if key in _OWN]
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
