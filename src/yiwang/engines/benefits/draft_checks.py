# SPDX-License-Identifier: Apache-2.0
"""Check a policy that somebody drafts as `yiwang definitions check` checks those in files, and say of every
complaint which field of the page it is about."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from yiwang.engines.definitions import Catalogue, Check, Checked, Problem
from yiwang.engines.definitions.checks.checked import Mark
from yiwang.engines.definitions.checks.references import references
from yiwang.engines.definitions.checks.rules import rules
from yiwang.engines.definitions.complaints import problems_of
from yiwang.engines.definitions.hints import marked
from yiwang.engines.definitions.kinds import Definition, Source
from yiwang.engines.definitions.overlay import Entry
from yiwang.engines.definitions.reading import Node, plain, read
from yiwang.engines.definitions.rule_types import rule_types
from yiwang.engines.definitions.writing import as_yaml, content_of
from yiwang.engines.rules import BOOLEAN, NUMBER, RuleError, Type, check, parse, words
from yiwang.engines.rules.types import fits

from .bounds import not_shown
from .checks import FOLDER, check_policies
from .complaint import Complaint
from .drafting import LINES, TEXTS, composed
from .drafting_money import Typed
from .kinds import Policy
from .rules import amount_of

_HERE: Final = "草稿"
_SOURCES: Final = "sources"
_CHECKS: Final[tuple[Check, ...]] = (references, rules, check_policies)
"""Those of all checks that are about policies."""
_Path = tuple[int | str, ...]


@dataclass(frozen=True)
class Draft:
    """A draft as checked: the files it would be, what is wrong, what its rules say in Chinese.

    `policy` is there when the draft is sound in itself; `ready` when nothing at all is complained about.
    """

    text: str
    source_text: str
    complaints: tuple[Complaint, ...]
    policy: Policy | None
    source: Source | None
    conditions: tuple[str, ...]
    amount: str
    unshown: tuple[str, ...] = ()
    """The bounds of its rules that no example shows, in Chinese; nobody is kept from going on by them."""

    @property
    def ready(self) -> bool:
        """Whether it may be handed in for review."""
        return self.policy is not None and not self.complaints

    @cached_property
    def digest(self) -> str:
        """What the draft says, as one digest: a test of it holds for this and nothing else."""
        return hashlib.sha256(f"{self.text}\n---\n{self.source_text}".encode()).hexdigest()

    def about(self, field: str) -> list[Complaint]:
        """The complaints about one field."""
        return [one for one in self.complaints if one.field == field]


def checked_draft(typed: Typed, catalogue: Catalogue, *, today: dt.date, new: bool = False) -> Draft:
    """Check what was typed against the rest of the catalogue. Raises nothing for what is wrong in it.

    Args:
        new: the policy is a new one, and may not take the id of one there is.
    """
    types = rule_types(catalogue)
    made = composed(typed, types)
    found = list(made.complaints)
    if new and typed["id"] in catalogue.others.get(FOLDER, {}):
        found.append(
            Complaint("id", f"编号“{typed['id']}”已经用过", "换一个编号；要改已有的政策，请从清单里打开它")
        )
    said, wrong = _conditions(typed["conditions"], types)
    found += wrong
    found += _amounts(typed, types)
    policy: Policy | None = None
    source: Source | None = None
    text = as_yaml(made.policy)
    source_text = as_yaml(made.source) if made.source else ""
    if not found:
        policy, source, wrong = _whole(text, source_text, catalogue)
        found += wrong
    if policy is not None:
        found += _over(policy, catalogue, today)
    amount = _amount_words(policy) if policy is not None else ""
    unshown = _unshown(policy, types) if policy is not None and not found else ()
    return Draft(text, source_text, tuple(dict.fromkeys(found)), policy, source, said, amount, unshown)


def _unshown(policy: Policy, types: Mapping[str, Type]) -> tuple[str, ...]:
    return tuple(bound.text for bound in not_shown(policy, types))


def _conditions(lines: Sequence[str], types: Mapping[str, Type]) -> tuple[tuple[str, ...], list[Complaint]]:
    """Each condition in Chinese, and what is wrong with it: which column, how to mend it."""
    said, found = [], []
    for place, line in enumerate(lines):
        key = f"conditions-{place}"
        wrong = list(_rule(key, line, BOOLEAN, types))
        found += wrong
        said.append("" if wrong else words(parse(line)))
    return tuple(said), found


def _rule(key: str, text: str, wanted: Type, types: Mapping[str, Type]) -> Iterator[Complaint]:
    try:
        given = check(parse(text), types)
    except RuleError as error:
        place = f"第 {error.column} 个字：" if error.column else ""
        yield Complaint(key, f"{place}{error.what}".rstrip("。"), error.mend or "请改正")
        return
    if not fits(given, wanted):
        mend = (
            "写成一个条件，例如：经营面积 >= 200"
            if wanted == BOOLEAN
            else "写成一个算式，例如：设备投资额 * 0.3"
        )
        yield Complaint(key, f"得到的是{given}，这里要的是{wanted}", mend)


def _amounts(typed: Typed, types: Mapping[str, Type]) -> Iterator[Complaint]:
    """What is wrong with the rules of the amount, each beside its field."""
    told = {"rule": ("rule",), "tiers": ("tiers_of", "otherwise")}.get(typed["kind"], ())
    for key in (*told, "cap"):
        if typed[key] and typed["kind"] in ("rule", "tiers"):
            yield from _rule(key, typed[key], NUMBER, types)
    for place, row in enumerate(typed["tiers"] if typed["kind"] == "tiers" else ()):
        if row["gives"]:
            yield from _rule(f"tiers-{place}", row["gives"], NUMBER, types)


def _amount_words(policy: Policy) -> str:
    try:
        amount = amount_of(policy)
        return words(amount) if amount is not None else ""
    except RuleError:
        return ""


def _whole(
    text: str, source_text: str, catalogue: Catalogue
) -> tuple[Policy | None, Source | None, list[Complaint]]:
    """Read the files as files are read, and check them among the definitions of the catalogue."""
    policy, node, found = _read(text, Policy)
    source, source_node, wrong = _read(source_text, Source) if source_text else (None, None, [])
    found += [dataclasses.replace(one, field="source") for one in wrong]
    if source is not None and source.id in catalogue.sources:
        what = f"来源文件的编号“{source.id}”已经用过"
        found.append(Complaint("source", what, "换一个编号，或者从清单里选已有的文件"))
    if found or policy is None or node is None:
        return None, None, found
    entries = {(FOLDER, policy.id): Entry(FOLDER, policy.id, node, _HERE, (_HERE,))}
    sources = dict(catalogue.sources)
    if source is not None and source_node is not None:
        sources[source.id] = source
        entries[_SOURCES, source.id] = Entry(_SOURCES, source.id, source_node, _HERE, (_HERE,))
    around = _group(policy, catalogue)
    entries |= {(FOLDER, one.id): _entry_of(one) for one in around}
    known = {**{one.id: one for one in around}, policy.id: policy}
    together = dataclasses.replace(catalogue, sources=sources, others={**catalogue.others, FOLDER: known})
    checked = _One(together, entries)
    problems = [one for each in _CHECKS for one in each(checked) if not one.doubt and one.file == _HERE]
    return policy, source, [_complaint(one, node) for one in problems]


def _read(text: str, kind: Any) -> tuple[Any, Node | None, list[Complaint]]:
    node, problems = read(text.encode(), _HERE)
    if node is None or problems:
        return None, None, [Complaint("rest", one.what, one.mend) for one in problems]
    adapter: TypeAdapter[Definition] = TypeAdapter(kind)
    try:
        return adapter.validate_python(plain(node)), node, []
    except ValidationError as error:
        return None, node, [_complaint(one, node) for one in problems_of(error, kind, node)]


def _group(policy: Policy, catalogue: Catalogue) -> list[Policy]:
    """The other policies of the groups of which only the highest is given."""
    groups = {one.group for one in policy.not_with}
    known: Mapping[str, Any] = catalogue.others.get(FOLDER, {})
    others = [one for key, one in known.items() if key != policy.id]
    return [one for one in others if groups & {each.group for each in one.not_with}]


def _entry_of(policy: Policy) -> Entry:
    """A policy that was checked before: what is said of it is not said of the draft."""
    file = f"政策 {policy.id}"
    node, _ = read(as_yaml(content_of(policy)).encode(), file)
    assert node is not None  # it was written by `as_yaml`
    return Entry(FOLDER, policy.id, node, file, (file,))


class _One(Checked):
    """A check of the references and rules of what is drafted alone: the others were checked before."""

    @cached_property
    def marks(self) -> list[Mark]:
        """Every reference and every rule of the draft."""
        drafted = [key for key, entry in self.entries.items() if entry.level == _HERE]
        folders = self.catalogue.folders()
        return [
            Mark(folder, folders[folder][identity], marker, path, value)
            for folder, identity in drafted
            for marker, path, value in marked(folders[folder][identity])
        ]


def _over(policy: Policy, catalogue: Catalogue, today: dt.date) -> Iterator[Complaint]:
    """A policy that would be over before it begins; one that was over already may be put right."""
    was = catalogue.others.get(FOLDER, {}).get(policy.id)
    if (
        policy.valid_to is not None
        and policy.valid_to < today
        and (was is None or was.valid_to != policy.valid_to)
    ):
        yield Complaint(
            "valid_to", f"{policy.valid_to} 已经过去，这样发布出来就是失效的", "请核对有效期；不定期的留空"
        )


# ---- from a line of the file to the field it was typed in

_FIELDS: Final[Mapping[_Path, str]] = {
    ("when",): "conditions-0",
    ("money", "rule"): "rule",
    ("money", "tiers"): "tiers_of",
    ("money", "cap"): "cap",
    ("money", "per"): "per",
    ("money", "form"): "form",
    ("money", "payers"): "payers-0",
    ("money", "instalments"): "instalments-0",
    ("money", "budget", "rank"): "budget_rank",
    ("money", "budget", "closes"): "budget_closes",
    ("money", "budget", "cite"): "budget_at",
    ("money", "budget"): "budget",
    ("money", "cap", "cite"): "cap_at",
    ("late_claims", "cite"): "late_at",
    ("late_claims",): "late",
    ("not_with",): "group",
    ("money",): "kind",
    **{(of,): key for key, of in LINES.items()},
}
_ROWS: Final[Mapping[_Path, str]] = {
    ("money", "tiers", "rows"): "tiers",
    ("money", "payers"): "payers",
    ("money", "instalments"): "instalments",
    ("examples",): "examples",
}
_PLAIN: Final = (*TEXTS, "views", "departments")


def _complaint(problem: Problem, node: Node) -> Complaint:
    path = dict(_lines(node, ())).get(problem.line, ())
    return Complaint(_field(path), problem.what, problem.mend)


def _lines(node: Node, path: _Path) -> Iterator[tuple[int, _Path]]:
    """(line, what stands there), what is within after what is around."""
    yield node.where.line, path
    if isinstance(node.value, Mapping):
        for key, child in node.value.items():
            yield from _lines(child, (*path, key))
    elif isinstance(node.value, list):
        for place, child in enumerate(node.value):
            yield from _lines(child, (*path, place))


def _field(path: _Path) -> str:
    for length in range(len(path), 0, -1):
        if path[:length] in _FIELDS:
            return _FIELDS[path[:length]]
        if path[: length - 1] in _ROWS and isinstance(path[length - 1], int):
            return f"{_ROWS[path[: length - 1]]}-{path[length - 1]}"
    if path and path[0] == "cite":
        return str(path[1]) if len(path) > 1 else "doc"
    if path[:1] == ("examples",):
        return "examples-0"
    return str(path[0]) if path and path[0] in _PLAIN else "rest" if path else ""
