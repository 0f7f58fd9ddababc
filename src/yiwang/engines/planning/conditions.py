# SPDX-License-Identifier: Apache-2.0
"""Conditions on what is known: yes, no or open, with the reason in words and what would decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.rules.evaluator import evaluate
from yiwang.engines.rules.explainer import Condition, explain
from yiwang.engines.rules.parser import parse
from yiwang.engines.rules.values import Value
from yiwang.engines.rules.words import say_value, words


@dataclass(frozen=True)
class Verdict:
    """What a condition came to. `value` None: open; `missing` names what would decide."""

    value: bool | None
    because: str = ""  # the decisive comparisons with their values; empty without a condition
    says: str = ""  # the condition itself in Chinese
    missing: tuple[str, ...] = ()
    answers: str = ""  # what was answered that decided it: 您的回答：经营面积120平方米


ALWAYS = Verdict(True)


def condition_words(rules: Iterable[str]) -> str:
    """只在…，或…时需要: conditions of which one suffices, as an opening of a sentence."""
    return f"只在{'，或'.join(map(_said, rules))}时需要。"


@lru_cache(maxsize=1024)
def _said(rule: str) -> str:
    """A condition in words: the same few of a release are said in every plan."""
    return words(parse(rule))


class Judge:
    """Reads conditions on one set of values (by element id); remembers what it has read."""

    def __init__(self, catalogue: Catalogue, values: Mapping[str, Value]) -> None:
        known = {code: catalogue.elements[code] for code in values if code in catalogue.elements}
        self._elements = {element.name: element for element in known.values()}
        self._facts = {element.name: values[code] for code, element in known.items()}
        self._read: dict[str, bool | None] = {}
        self._verdicts: dict[str, Verdict] = {}

    def holds(self, rule: str | None) -> bool | None:
        """True, False, or None while it is open. Raises RuleError for a rule that cannot be read."""
        if rule is None:
            return True
        if rule not in self._read:
            value = evaluate(parse(rule), self._facts)
            self._read[rule] = value if isinstance(value, bool) else None
        return self._read[rule]

    def judge(self, rule: str | None) -> Verdict:
        """The same with the reason in words."""
        if rule is None:
            return ALWAYS
        if rule not in self._verdicts:
            told = explain(parse(rule), self._facts)
            self._verdicts[rule] = Verdict(
                value=told.outcome,
                because="；".join(condition.text for condition in told.decisive),
                says=_said(rule),
                missing=told.unknown_names,
                answers=self._answers(told.decisive),
            )
        return self._verdicts[rule]

    def _answers(self, decisive: Iterable[Condition]) -> str:
        """The answers that decided, each once, as the applicant gave them."""
        given = {name: value for condition in decisive for name, value in condition.values}
        said = [f"{name}{self._value(name, value)}" for name, value in given.items()]
        return f"您的回答：{'，'.join(said)}" if said else ""

    def _value(self, name: str, value: Value) -> str:
        element = self._elements.get(name)
        if element is not None and element.sensitive:
            return "（已填）"
        if isinstance(value, bool):
            return "——是" if value else "——否"
        unit = element.unit or "" if element is not None else ""
        return f"{say_value(value)}{unit}"
