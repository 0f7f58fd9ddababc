# SPDX-License-Identifier: Apache-2.0
"""A release: all definitions of one day as one JSON value, named by its digest.

A case is pinned to the release it began under, so a release must be readable for years without
the files: it holds every value in full (defaults too), and its digest covers all of them. Each
definition has its own digest, so two releases can be compared cheaply.

The form: `{"format": "yiwang-release/1", "digest": …, "definitions": {folder: {id: {…}}},
"digests": {folder: {id: …}}}`; `digest` is the SHA-256 of the canonical JSON (RFC 8785) of
`{"format": …, "digests": …}`, a definition's digest that of the definition.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from yiwang.kernel.errors import Invalid

from .catalogue import Catalogue
from .kinds import KINDS, Definition, Kinds
from .packing import FORMAT, Digests, digest_over, digests_of, dumped, dumped_folder

_ABSENT = object()
_MEND = "请不要使用这个版本；从备份恢复，或重新从定义文件生成。"
_KEYS = ("id", "item", "material", "element", "value", "says", "kind", "name")


def digest_of(definitions: Mapping[str, Mapping[str, Definition]]) -> str:
    """The digest naming these definitions, given by folder and id. Empty folders do not count."""
    return digest_over(digests_of({folder: dumped_folder(known) for folder, known in definitions.items()}))


def dump_release(catalogue: Catalogue) -> dict[str, Any]:
    """The catalogue as one JSON value; `load_release` gives the same catalogue back."""
    return dumped(catalogue.folders())


def load_release(stored: Mapping[str, Any], *, kinds: Kinds = KINDS) -> Catalogue:
    """The catalogue of a stored release. Raises Invalid unless every digest fits its content."""
    if stored.get("format") != FORMAT:
        raise Invalid(f"不认识的目录版本格式“{stored.get('format')}”。", mend="请升级系统后再读取。")
    definitions, digests = _verified(stored)
    loaded: dict[str, dict[str, Definition]] = {}
    for folder, known in definitions.items():
        if folder not in kinds:
            raise Invalid(f"目录版本中有不认识的种类“{folder}”。", mend="请升级系统后再读取。")
        adapter = _adapter(kinds[folder])
        loaded[folder] = {one: _definition(adapter, folder, one, known[one]) for one in known}
    return Catalogue.of(loaded, digest=digest_over(digests))


def _verified(stored: Mapping[str, Any]) -> tuple[Mapping[str, Any], Digests]:
    """1. Each definition has the digest written for it. 2. The digests have the release's digest."""
    definitions, written = stored.get("definitions"), stored.get("digests")
    if not isinstance(definitions, Mapping) or not isinstance(written, Mapping):
        raise Invalid("目录版本缺少内容或摘要。", mend=_MEND)
    digests = digests_of(definitions)
    for folder, identity in sorted({*_names(digests), *_names(written)}):
        if digests.get(folder, {}).get(identity) != written.get(folder, {}).get(identity):
            raise Invalid(f"目录版本中“{folder}/{identity}”与摘要不符，内容可能被改动。", mend=_MEND)
    if digest_over(digests) != stored.get("digest"):
        raise Invalid("目录版本与其摘要不符，内容可能被改动。", mend=_MEND)
    return definitions, digests


def _definition(adapter: TypeAdapter[Definition], folder: str, identity: str, stored: Any) -> Definition:
    try:
        definition = adapter.validate_python(stored)
    except ValidationError as error:
        what = f"目录版本中“{folder}/{identity}”不符合现在的格式（{error.error_count()} 处）。"
        raise Invalid(what, mend="请用生成它的系统版本读取，或升级后迁移。") from error
    if definition.id != identity:
        raise Invalid(f"目录版本中“{folder}/{identity}”的编号不一致。", mend=_MEND)
    return definition


@cache
def _adapter(kind: Any) -> TypeAdapter[Definition]:
    return TypeAdapter(kind)


def _names(digests: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[str, str]]:
    return ((folder, identity) for folder, known in digests.items() for identity in known)


@dataclass(frozen=True)
class FieldChange:
    """One value that differs; `before` or `after` is None where it is absent (see `Change`)."""

    path: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Change:
    """A definition that both releases have, and what differs in it."""

    folder: str
    id: str
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True)
class ReleaseDiff:
    """What lies between two releases; definitions as (folder, id)."""

    added: tuple[tuple[str, str], ...] = ()
    removed: tuple[tuple[str, str], ...] = ()
    changed: tuple[Change, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


def diff_releases(before: Mapping[str, Any], after: Mapping[str, Any]) -> ReleaseDiff:
    """What changed from one dumped release to another. Digests are trusted: load first."""
    old, new = set(_names(before["digests"])), set(_names(after["digests"]))
    both = [(one, _changed(before, after, *one)) for one in sorted(old & new)]
    changed = tuple(Change(*one, fields) for one, fields in both if fields)
    return ReleaseDiff(tuple(sorted(new - old)), tuple(sorted(old - new)), changed)


def _changed(
    before: Mapping[str, Any], after: Mapping[str, Any], folder: str, identity: str
) -> tuple[FieldChange, ...]:
    if before["digests"][folder][identity] == after["digests"][folder][identity]:
        return ()
    was, now = before["definitions"][folder][identity], after["definitions"][folder][identity]
    return tuple(_changes(was, now, ""))


def _changes(before: Any, after: Any, path: str) -> Iterator[FieldChange]:
    """The smallest values that differ. A key without a value is as good as no key.

    Lists of parts are matched by their key and told apart in order too, other lists by place.
    """
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        old, new = _without_nulls(before), _without_nulls(after)
    elif isinstance(before, list) and isinstance(after, list):
        old, new = _by_key(before, after)
        if [key for key in old if key in new] != [key for key in new if key in old]:
            yield FieldChange(f"{path}（顺序）", list(old), list(new))
    else:
        if type(before) is not type(after) or before != after:
            yield FieldChange(path, _told(before), _told(after))
        return
    for key in dict.fromkeys([*old, *new]):
        inner = f"{path}{key}" if key.startswith("[") else f"{path}.{key}" if path else key
        yield from _changes(old.get(key, _ABSENT), new.get(key, _ABSENT), inner)


def _told(value: Any) -> Any:
    return None if value is _ABSENT else value


def _without_nulls(value: Mapping[str, Any]) -> dict[str, Any]:
    return {key: child for key, child in value.items() if child is not None}


def _by_key(before: list[Any], after: list[Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    for key in _KEYS:
        old, new = _named(before, key), _named(after, key)
        if len(old) == len(before) and len(new) == len(after):
            return old, new
    return (
        {f"[{index}]": one for index, one in enumerate(before, 1)},
        {f"[{index}]": one for index, one in enumerate(after, 1)},
    )


def _named(values: list[Any], key: str) -> dict[str, Any]:
    return {f"[{one[key]}]": one for one in values if isinstance(one, Mapping) and key in one}
