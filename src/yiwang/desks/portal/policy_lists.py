# SPDX-License-Identifier: Apache-2.0
"""The published lists of policies: by view, field and whom they are for, found with plain words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from yiwang.apps.catalogue.public import OpenRelease, current
from yiwang.desks.access import access
from yiwang.engines.benefits import Policy
from yiwang.engines.benefits.kinds import FOR_WORDS, Level, View

from .policies import WHY, policies_of, state_of

IN_FORCE = "有效"
_LONGEST = 100
_MOST = 200
_AT_A_GLANCE = 20


@dataclass(frozen=True)
class Asked:
    """What a visitor looks for; what is not one of the choices counts as not chosen."""

    words: str
    view: str
    field: str
    to: str
    level: str
    over: bool

    @classmethod
    def of(cls, data: QueryDict, fields: Iterable[str]) -> Asked:
        """Read an address."""

        def one_of(name: str, choices: Iterable[str]) -> str:
            return value if (value := data.get(name, "")) in set(choices) else ""

        return cls(
            words=" ".join(data.get("q", "").split())[:_LONGEST],
            view=one_of("list", (view.value for view in View)),
            field=one_of("field", fields),
            to=one_of("to", (to.value for to in FOR_WORDS)),
            level=one_of("level", (level.value for level in Level)),
            over=data.get("over") == "1",
        )

    @property
    def narrowed(self) -> bool:
        """Whether anything beside the list was chosen."""
        return bool(self.words or self.field or self.to or self.level)

    def link(self, **changes: str) -> str:
        """The same question with something changed, as the query of an address."""
        said = {"q": self.words, "list": self.view, "field": self.field, "to": self.to, "level": self.level}
        said |= {"over": "1" if self.over else ""} | changes
        return "?" + urlencode({name: value for name, value in said.items() if value})

    def takes(self, policy: Policy) -> bool:
        """Whether a policy is among what was chosen, its list and its validity left aside."""
        return (
            (not self.field or policy.field == self.field)
            and (not self.to or policy.to.value == self.to)
            and (not self.level or policy.level.value == self.level)
        )


@dataclass(frozen=True)
class Row:
    """A policy in the list, and whether it is in force."""

    policy: Policy
    state: str


@dataclass(frozen=True)
class Section:
    """Policies that can be worked out, or those that a department is asked about. Nothing looked for yet: by
    field, each folded, for a list of a hundred is read by nobody."""

    id: str
    title: str
    note: str
    rows: Sequence[Row]
    folded: bool

    @property
    def fields(self) -> list[tuple[str, list[Row]]]:
        """(field, its policies), the largest first."""
        names = Counter(row.policy.field for row in self.rows).most_common()
        return [(name, [row for row in self.rows if row.policy.field == name]) for name, _ in names]


@access(public=True, why=WHY)
@require_safe
def policies(request: HttpRequest) -> HttpResponseBase:
    """What can be computed first, guides after it; what is over only when asked for, or by its own words."""
    opened, day = current(), timezone.localdate()
    known = policies_of(opened.catalogue)
    asked = Asked.of(request.GET, (one.field for one in known))
    rows = [Row(one, state_of(one, day)) for one in _ranked(opened, asked, known) if asked.takes(one)]
    in_force = [row for row in rows if row.state == IN_FORCE]
    listed = _sorted(row for row in (rows if asked.over else in_force) if _on(row.policy, asked.view))
    return render(
        request,
        "desks/portal/policies.html",
        {
            "asked": asked,
            "sections": _sections(listed, folded=len(listed) > _AT_A_GLANCE and not asked.narrowed),
            "with_over": asked.link(over="1"),
            "over": sum(_on(row.policy, asked.view) for row in rows) - len(listed),
            "tabs": _tabs(asked, rows if asked.over else in_force),
            "fields": _counted(known, lambda one: one.field),
            "whom": [(to.value, words) for to, words in FOR_WORDS.items()],
            "levels": [level.value for level in Level],
        },
    )


def _ranked(opened: OpenRelease, asked: Asked, known: Sequence[Policy]) -> list[Policy]:
    """All of them, or those that the words find, best first."""
    if not asked.words:
        return list(known)
    by_id: Mapping[str, Policy] = {one.id: one for one in known}
    return [by_id[found.id] for found in opened.search_policies(asked.words, limit=_MOST)]


def _sections(listed: Sequence[Row], *, folded: bool) -> list[Section]:
    computed = [row for row in listed if row.policy.when]
    guides = [row for row in listed if not row.policy.when]
    note = "文件没有写数额，或者要一事一议；点开看找哪个部门。"
    both = (
        Section("computed", "能算的", "", computed, folded),
        Section("guides", "要问部门的", note, guides, folded),
    )
    return [section for section in both if section.rows]


def _on(policy: Policy, view: str) -> bool:
    return not view or view in {one.value for one in policy.views}


def _sorted(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: row.state != IN_FORCE)


def _tabs(asked: Asked, rows: Sequence[Row]) -> list[tuple[str, str, str, int]]:
    """(list, name, address, how many): what each list holds of what was chosen."""
    count = {view.value: sum(_on(row.policy, view.value) for row in rows) for view in View}
    found = [(view, view, asked.link(list=view), number) for view, number in count.items()]
    return [("", "全部", asked.link(list=""), len(rows)), *found]


def _counted(known: Iterable[Policy], key: Callable[[Policy], str]) -> list[tuple[str, int]]:
    return Counter(key(one) for one in known).most_common()
