# SPDX-License-Identifier: Apache-2.0
"""A catalogue with one policy to be changed in the console, and officers who do it."""

from __future__ import annotations

from typing import Any

from yiwang.engines.benefits import Policy
from yiwang.engines.benefits.drafting import typed_of
from yiwang.engines.definitions import Catalogue
from yiwang.engines.definitions.kinds import Element, Org, Source
from yiwang.engines.definitions.release import digest_of
from yiwang.kernel.actor import Actor, ActorKind, Post, Role

POLICY, OFFICE, OTHER = "lab-award", "science", "commerce"
FACTS: dict[str, Any] = {"是否研发中心": True, "研发投入": 0, "级别": "市级"}
CITE = {"doc": "notice-1", "at": "第一条"}


def officer(name: str, *posts: Post) -> Actor:
    """Somebody with these posts."""
    return Actor(ActorKind.OFFICER, f"of-{name}", name, posts)


OWNER = officer("起草小科", Post(Role.DATA, OFFICE))
SECOND = officer("同事小技", Post(Role.APPROVER, OFFICE))
STRANGER = officer("别的单位", Post(Role.DATA, OTHER))
REVIEWER = officer("目录小甲", Post(Role.CATALOGUE))
ANOTHER = officer("目录小乙", Post(Role.CATALOGUE))
AUDITOR = officer("督查小察", Post(Role.AUDITOR))


def policy(**changes: Any) -> Policy:
    """A reward for research centres, by what they spend."""
    return Policy.model_validate(
        {
            "id": POLICY,
            "name": "研发中心奖励",
            "to": "firm",
            "views": ["惠企"],
            "field": "科技创新",
            "support": "资金奖补",
            "departments": [OFFICE],
            "brings": "研发投入的10%",
            "when": '是否研发中心 and 研发投入 >= 100000 and 级别 != "不是"',
            "money": {"rule": "研发投入 * 0.1", "payers": [{"who": "市财政", "share": 1}]},
            "cite": {"doc": "notice-1", "at": "第三条"},
            "examples": [
                {"says": "正好", "facts": FACTS | {"研发投入": 100000}, "gives": 10000},
                {"says": "差一元", "facts": FACTS | {"研发投入": 99999}, "gives": 0},
            ],
            **changes,
        }
    )  # fmt: skip


def _element(id_: str, name: str, type_: str, **more: Any) -> Element:
    given = {"id": id_, "name": name, "type": type_, "subject": "firm", "question": f"{name}？", **more}
    return Element.model_validate(given)


def _org(id_: str, name: str) -> Org:
    return Org.model_validate(
        {"id": id_, "name": name, "short_name": name, "kind": "department", "cite": CITE}
    )


def catalogue(*policies: Policy) -> Catalogue:
    """A city of these policies (by default the one), with what they refer to."""
    levels = [{"value": one} for one in ("市级", "省级", "不是")]
    elements = [
        _element("is-centre", "是否研发中心", "boolean"),
        _element("spent", "研发投入", "money", unit="元"),
        _element("level", "级别", "choice", choices=levels),
    ]
    source = Source.model_validate(
        {"id": "notice-1", "name": "通知一号", "kind": "gazette", "publisher": "市政府"}
    )
    known: dict[str, Any] = {
        "orgs": {one.id: one for one in (_org(OFFICE, "科技局"), _org(OTHER, "商务局"))},
        "elements": {one.id: one for one in elements},
        "sources": {source.id: source},
        "policies": {one.id: one for one in policies or (policy(),)},
    }
    return Catalogue.of(known, digest=digest_of(known))


def retyped(**changes: Any) -> dict[str, Any]:
    """The policy's fields as its owner types them."""
    return {**typed_of(policy()), **changes}
