# SPDX-License-Identifier: Apache-2.0
"""The kind `fact_sources`: from where, besides departments' rosters, matching knows a fact of policies.

A source is the registration the house keeps itself, or a resource of the exchange of which a department holds
a grant for this purpose. Its rule turns a record into the fact: its names are those of the record's items.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Container, Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Any

from pydantic import Field, model_validator

from yiwang.engines.definitions import Checked, Problem
from yiwang.engines.definitions.kinds.base import Citation, Definition, OrgId, Ref, Text
from yiwang.engines.definitions.rule_types import rule_types
from yiwang.engines.rules import RuleError, Value, evaluate, names, parse

FOLDER = "fact_sources"


class Registration(StrEnum):
    """The items of a firm's registration, by the names that rules use."""

    KIND = "登记类型"
    PLACE = "登记地"
    FOUNDED = "成立日期"


class FactSource(Definition):
    """One fact from one place. Written with `resource`, or with `registration: true`, never both."""

    fact: Text = Field(description="给出哪个数据项（政策条件里的名称）")
    registration: bool = Field(default=False, description="来自本平台的市场主体登记")
    resource: Annotated[str | None, Ref.to("exchange")] = Field(default=None, description="来自哪个数据资源")
    org: OrgId | None = Field(default=None, description="凭哪个部门取得的共享授权")
    purpose: Text | None = Field(default=None, description="授权写明的用途里必须有的字样，例如：免申即享")
    rule: Text = Field(description="怎样由一条记录得出：规则语言，名称是记录里信息项的名称")
    cite: Citation

    @model_validator(mode="after")
    def _one_place(self) -> FactSource:
        if self.registration == (self.resource is not None):
            raise ValueError("registration 和 resource 写且只写一个")
        if self.resource is not None and (self.org is None or self.purpose is None):
            raise ValueError("取自数据资源的，要写 org（凭谁的授权）和 purpose（授权用途里的字样）")
        return self

    def fact_of(self, record: Mapping[str, Value]) -> Value:
        """What the record says; None: nothing. Raises RuleError for a record the rule cannot use."""
        return evaluate(parse(self.rule, source=self.id), record)


SOURCE_KINDS: dict[str, Any] = {FOLDER: FactSource}
"""Folder name → kind."""


def sources_of(catalogue: Any) -> list[FactSource]:
    """The sources of a release, by id."""
    known = catalogue.others.get(FOLDER, {})
    return [one for _, one in sorted(known.items()) if isinstance(one, FactSource)]


def registration_facts(
    catalogue: Any, wanted: Container[str]
) -> Callable[[str, str, dt.date], Mapping[str, Value]]:
    """From a firm's registration (kind, place, day founded) to the wanted facts that follow from it.

    Firms registered alike are judged once; what a rule cannot be asked of is left out.
    """
    sources = [one for one in sources_of(catalogue) if one.registration and one.fact in wanted]

    @lru_cache(maxsize=4_096)
    def facts(kind: str, place: str, founded: dt.date) -> Mapping[str, Value]:
        known = catalogue.places.get(place)
        told: dict[str, Value] = {
            Registration.KIND.value: kind,
            Registration.PLACE.value: known.name if known else None,
            Registration.FOUNDED.value: founded,
        }
        return {one.fact: value for one in sources if (value := _said(one, told)) is not None}

    return facts


def _said(source: FactSource, told: Mapping[str, Value]) -> Value:
    try:
        return source.fact_of(told)
    except RuleError:
        return None


def check_sources(checked: Checked) -> Iterator[Problem]:
    """A source gives a fact that exists, by items that its record has."""
    types = rule_types(checked.catalogue)
    known: Mapping[str, Any] = checked.catalogue.others.get("exchange", {})
    for one in sources_of(checked.catalogue):
        if one.fact not in types:
            yield checked.problem(FOLDER, one.id, ("fact",), f"没有名为“{one.fact}”的数据项", "请核对名称")
        items = {each.value for each in Registration}
        if one.resource is not None and (resource := known.get(one.resource)):
            items = {each.name for each in resource.fields}
        try:
            unknown = set(names(parse(one.rule, source=one.id))) - items
        except RuleError as error:
            yield checked.problem(FOLDER, one.id, ("rule",), error.what.rstrip("。"), "请改规则")
            continue
        if unknown:
            what = f"规则用到记录里没有的信息项：{'、'.join(sorted(unknown))}"
            yield checked.problem(FOLDER, one.id, ("rule",), what, f"可用的：{'、'.join(sorted(items))}")


def as_fact(value: Any) -> Value:
    """A cell of a delivered file as rules compute with it: whole numbers are numbers, moments are days."""
    if isinstance(value, bool) or value is None or isinstance(value, str | Decimal):
        return value
    if isinstance(value, dt.datetime):
        return value.date()
    return Decimal(str(value)) if isinstance(value, int | float) else value
