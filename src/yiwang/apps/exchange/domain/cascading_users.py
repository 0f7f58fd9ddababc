# SPDX-License-Identifier: Apache-2.0
"""Users that the province lists for departments of this city (用户级联): whose they are here.

The province proposes, the city appoints: what comes down never gives anybody a post here. What it ends
takes away only what was given here because of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from yiwang.engines.definitions.kinds import Org
from yiwang.kernel.termed import Termed

from .cascading import read_flag, read_mapping, read_number, read_words

DATA_OFFICER = "数据管理员"
"""The only role of the province that has a counterpart here, and only within the one department."""


class UserState(Termed):
    """How a user of the province stands here."""

    LINKED = "linked", "已对应"
    PROPOSED = "proposed", "待本市确认"
    UNMATCHED = "unmatched", "对不上"
    ENDED = "ended", "省平台已停用"


@dataclass(frozen=True)
class UserTold:
    """A user as the province tells of them. `local`: our own id of the officer, where the province knows
    it from what we announced; "" else."""

    user: str
    name: str
    role: str
    org_name: str
    org_code: str = ""
    local: str = ""
    ended: bool = False


@dataclass(frozen=True)
class Match:
    """Whose a user is here. `org`: our department; `officer`: our officer, "" for none; `why`: what is
    not as it should be, "" when all is."""

    state: UserState
    org: str = ""
    officer: str = ""
    why: str = ""


def read_user(message: Mapping[str, Any]) -> UserTold:
    """A user of the province. Every change is a message with a number of its own. Raises Invalid."""
    read_number(message, "number")
    org = read_mapping(message.get("org"), "org")
    return UserTold(
        user=read_number(message, "user"),
        name=read_words(message, "name", 80),
        role=read_words(message, "role", 40),
        org_name=read_words(org, "name", 200),
        org_code=read_number(org, "code") if org.get("code") else "",
        local=read_number(message, "local") if message.get("local") else "",
        ended=read_flag(message, "ended", default=False),
    )


def org_of(told: UserTold, orgs: Iterable[Org]) -> str:
    """Our department: by its unified code, else by one of its names, if exactly one has it; "" for none."""
    known = list(orgs)
    if told.org_code and (by_code := [one.id for one in known if one.code == told.org_code]):
        return by_code[0]
    named = [one.id for one in known if told.org_name in (one.name, one.short_name, *one.aliases)]
    return named[0] if len(named) == 1 else ""


def match(told: UserTold, *, org: str, officers: Mapping[str, str]) -> Match:
    """Whose the user is here. `officers`: our data officers of the department, public id → name."""
    if told.role != DATA_OFFICER:
        return Match(UserState.UNMATCHED, org, why=f"省平台的角色“{told.role}”在本市没有对应的岗位。")
    if not org:
        return Match(UserState.UNMATCHED, why="本市没有这个部门，或者名称对应不止一个部门。")
    if told.local in officers:
        return Match(UserState.LINKED, org, told.local)
    same = [one for one, name in officers.items() if name == told.name]
    if len(same) > 1:
        return Match(UserState.UNMATCHED, org, why="本部门有同名的数据管理员，分不清是哪一位。")
    if same:
        return Match(UserState.LINKED, org, same[0])
    return Match(UserState.PROPOSED, org, why="本市还没有任命这位数据管理员。")
