# SPDX-License-Identifier: Apache-2.0
"""Open a release: its definitions, its process, its calendar and clocks, its search index."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from django.db import connection

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.release import ReleaseDiff, diff_releases, dump_release, load_release
from yiwang.engines.house import HOUSE_KINDS, calendar_of, clocks_of, machine_of
from yiwang.engines.process import ClockBook, Machine
from yiwang.kernel.errors import Invalid, NotFound, Unavailable
from yiwang.kernel.workdays import WorkCalendar

from .domain.search import Found, SearchIndex
from .models import Release, ReleaseState

_NOTHING: dict[str, Any] = {"definitions": {}, "digests": {}}


@dataclass(frozen=True)
class OpenRelease:
    """A release, ready to be asked. Everything in it is immutable and made once per process."""

    catalogue: Catalogue

    @property
    def digest(self) -> str:
        """The digest that names the release."""
        return self.catalogue.digest

    @cached_property
    def calendar(self) -> WorkCalendar:
        """The working-day calendar of this release."""
        return calendar_of(self.catalogue)

    @cached_property
    def clocks(self) -> ClockBook:
        """The clock rules of this release."""
        return clocks_of(self.catalogue)

    @cached_property
    def machine(self) -> Machine:
        """The process of an item case."""
        return machine_of(self.catalogue, "item-case")

    @cached_property
    def _index(self) -> SearchIndex:
        return SearchIndex(self.catalogue)

    def search(self, text: str, *, limit: int = 10) -> list[Found]:
        """Life events and items that answer a plain sentence, best first."""
        return self._index.search(text, limit=limit)

    @cached_property
    def _policies(self) -> SearchIndex:
        return SearchIndex.of_policies(self.catalogue)

    def search_policies(self, text: str, *, limit: int = 10) -> list[Found]:
        """Policies that answer a plain sentence, best first."""
        return self._policies.search(text, limit=limit)


def current_digest() -> str | None:
    """The digest of the release in force: the one published last; None before the first."""
    with connection.cursor() as cursor:  # every page asks this: without the cost of building a query
        cursor.execute(_CURRENT, [ReleaseState.PUBLISHED.value])
        row = cursor.fetchone()
    return str(row[0]) if row else None


_CURRENT = f"""
    SELECT digest FROM {Release._meta.db_table} WHERE state = %s
    ORDER BY published_at DESC, id DESC LIMIT 1
"""  # noqa: S608 - the table's own name


_SAME: ContextVar[str | None] = ContextVar("release", default=None)


@contextmanager
def one_release() -> Iterator[OpenRelease]:
    """Within this block `current()` is one and the same release, asked for once, whatever others publish."""
    opened = current()
    token = _SAME.set(opened.digest)
    try:
        yield opened
    finally:
        _SAME.reset(token)


def current() -> OpenRelease:
    """The release in force. Raises Unavailable when there is none."""
    digest = _SAME.get() or current_digest()
    if digest is None:
        raise Unavailable("事项目录还没有发布。", mend="请目录管理员在管理台复核并发布目录版本。")
    return _opened(digest)


def release(digest: str) -> OpenRelease:
    """The release with this digest, whatever its state.

    Raises NotFound; Invalid when what is stored no longer fits the digest.
    """
    return _opened(digest)


@lru_cache(maxsize=8)
def _opened(digest: str) -> OpenRelease:
    row = Release.objects.filter(digest=digest).first()
    if row is None:
        raise NotFound("没有这个目录版本。", mend="请核对版本号。")
    catalogue = _read(bytes(row.content))
    if catalogue.digest != digest:
        raise _changed()
    return OpenRelease(catalogue)


def _read(content: bytes) -> Catalogue:
    """1. It unpacks. 2. Every digest in it fits its content (`load_release`)."""
    try:
        stored: dict[str, Any] = json.loads(zlib.decompress(content))
    except (zlib.error, ValueError):
        raise _changed() from None
    return load_release(stored, kinds=HOUSE_KINDS)


def _changed() -> Invalid:
    return Invalid("存储的目录版本与版本号不符，内容可能被改动。", mend="请从备份恢复，不要使用这个版本。")


@dataclass(frozen=True)
class ReleaseView:
    """A release as the console lists it."""

    digest: str
    state: str
    state_term: str
    summary: str
    drafted_by: str
    drafted_at: Any
    reviewed_by: str
    review_words: str
    published_at: Any


def releases(*, limit: int = 50) -> list[ReleaseView]:
    """The releases, newest first."""
    return [_view(row) for row in Release.objects.order_by("-id")[:limit]]


def _view(r: Release) -> ReleaseView:
    return ReleaseView(
        r.digest,
        r.state,
        ReleaseState(r.state).label,
        r.summary,
        r.drafted_by,
        r.drafted_at,
        r.reviewed_by,
        r.review_words,
        r.published_at,
    )


def release_view(digest: str) -> ReleaseView:
    """One release as the console shows it. Raises NotFound."""
    row = Release.objects.filter(digest=digest).first()
    if row is None:
        raise NotFound("没有这个目录版本。", mend="请核对版本号。")
    return _view(row)


def changes_in(digest: str) -> ReleaseDiff:
    """What the release changes against the one in force; all of it is new while none is.

    Raises NotFound, Invalid (a stored release that was tampered with).
    """
    now = current_digest()
    before = dump_release(release(now).catalogue) if now else _NOTHING
    return diff_releases(before, dump_release(release(digest).catalogue))
