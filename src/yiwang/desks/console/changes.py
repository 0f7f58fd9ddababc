# SPDX-License-Identifier: Apache-2.0
"""What a release changes against the one in force, in words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from yiwang.apps.catalogue import public as catalogue

_MOST = 200
_LONGEST = 300
_FOLDERS = {
    "sources": "来源",
    "settings": "设置",
    "orgs": "单位",
    "places": "地方",
    "elements": "数据元",
    "materials": "材料、证照",
    "items": "事项",
    "life_events": "一件事",
    "lists": "通俗说法",
    "reuse": "电子材料复用规则",
    "calendars": "日历",
    "clocks": "期限规则",
    "processes": "流程",
    "policies": "政策",
}


@dataclass(frozen=True)
class ChangedField:
    """One value before and after."""

    path: str
    before: str
    after: str


@dataclass(frozen=True)
class ChangedOne:
    """A definition that is new, gone or different."""

    kind: str
    id: str
    name: str
    fields: tuple[ChangedField, ...] = ()


@dataclass(frozen=True)
class Changes:
    """All that differs; long lists are cut, `left_out` says by how many."""

    added: list[ChangedOne]
    removed: list[ChangedOne]
    changed: list[ChangedOne]
    left_out: int

    @property
    def any(self) -> bool:
        """Whether there is a difference at all."""
        return bool(self.added or self.removed or self.changed)


def tell_changes(digest: str) -> Changes:
    """The changes of a release against the one in force. Raises NotFound, Invalid."""
    found = catalogue.changes_in(digest)
    new = catalogue.release(digest).catalogue.folders()
    old_digest = catalogue.current_digest()
    old = catalogue.release(old_digest).catalogue.folders() if old_digest else {}
    changed = [
        ChangedOne(
            _FOLDERS.get(one.folder, one.folder),
            one.id,
            new[one.folder][one.id].name,
            tuple(ChangedField(f.path, _words(f.before), _words(f.after)) for f in one.fields),
        )
        for one in found.changed
    ]
    added, removed = [_named(new, *key) for key in found.added], [_named(old, *key) for key in found.removed]
    left_out = sum(max(0, len(part) - _MOST) for part in (added, removed, changed))
    return Changes(added[:_MOST], removed[:_MOST], changed[:_MOST], left_out)


def _named(folders: Any, folder: str, identity: str) -> ChangedOne:
    return ChangedOne(_FOLDERS.get(folder, folder), identity, folders[folder][identity].name)


def _words(value: Any) -> str:
    if value is None:
        return "（无）"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
