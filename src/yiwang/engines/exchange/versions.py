# SPDX-License-Identifier: Apache-2.0
"""What changed in a resource from one release to the next, in Chinese words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from yiwang.engines.definitions.release import diff_releases

from .kinds import FOLDER
from .words import Cycle, Form, Grade, Level, Library, Mask, Sharing

WORDS = {
    "name": "名称",
    "valid_from": "生效日期",
    "valid_to": "失效日期",
    "note": "维护说明",
    "provider": "提供部门",
    "level": "清单层级",
    "places": "覆盖县区",
    "subject": "数据主体",
    "library": "所属库",
    "theme": "主题",
    "summary": "摘要",
    "duty": "对应职责",
    "sharing": "共享类型",
    "condition": "共享条件",
    "not_shared": "不予共享依据",
    "openness": "开放条件",
    "grade": "数据等级",
    "cycle": "更新周期",
    "form": "资源格式",
    "system": "来源系统",
    "fields": "信息项",
    "answers": "可替代的材料",
    "quality": "质量规则",
    "related": "关联资源",
    "formerly": "曾用名称",
    "cite": "来源",
}
FIELD_WORDS = {
    "name": "名称",
    "type": "类型",
    "element": "数据元",
    "grade": "数据等级",
    "mask": "脱敏",
    "key": "可按它查询",
    "subject_id": "主体标识",
    "note": "说明",
}
_TERMS: dict[str, type[StrEnum]] = {
    "sharing": Sharing,
    "grade": Grade,
    "library": Library,
    "cycle": Cycle,
    "level": Level,
    "form": Form,
    "mask": Mask,
}
_PART = re.compile(r"fields\[([^\]]+)\](?:\.(\w+))?(.*)")


@dataclass(frozen=True)
class Told:
    """One change: what, how it read before and after; "" where it was absent."""

    what: str
    before: str
    after: str


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Told, ...]:
    """What differs between two contents of one resource, as releases hold them (JSON)."""
    one = str(after.get("id", "one"))

    def stored(content: Mapping[str, Any], digest: str) -> dict[str, Any]:
        return {"digests": {FOLDER: {one: digest}}, "definitions": {FOLDER: {one: content}}}

    found = diff_releases(stored(before, "before"), stored(after, "after"))
    names = {each.get("id"): each.get("name") for each in (*_items(before), *_items(after))}
    return tuple(
        _told(field.path, field.before, field.after, names) for each in found.changed for field in each.fields
    )


def _items(content: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [each for each in content.get("fields") or () if isinstance(each, Mapping)]


def _told(path: str, before: Any, after: Any, names: Mapping[Any, Any]) -> Told:
    key = path
    if match := _PART.fullmatch(path):
        identity, key, rest = match.group(1), match.group(2) or "", match.group(3)
        what = f"信息项“{names.get(identity) or identity}”" + (
            f"的{FIELD_WORDS.get(key, key)}{rest}" if key else ""
        )
    else:
        key = re.split(r"[.\[（]", path, maxsplit=1)[0]
        what = WORDS.get(key, key) + ("（顺序）" if path.endswith("（顺序）") else "")
    return Told(what, _said(key, before), _said(key, after))


def _said(key: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Mapping):
        return str(value.get("name") or value.get("quote") or value.get("at") or "有")
    if isinstance(value, list):
        return "、".join(_said(key, each) for each in value)
    kind = _TERMS.get(key)
    if kind is not None and value in set(kind):
        return str(kind(value).term)  # type: ignore[attr-defined]
    return str(value)
