# SPDX-License-Identifier: Apache-2.0
"""Read the data catalogue as it is published: resources, what they are tied to, how they read before."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.utils import timezone

from yiwang.apps.catalogue.public import current, past_of, release
from yiwang.engines import exchange
from yiwang.engines.definitions import Catalogue
from yiwang.engines.exchange import Level, Library, Links, Resource, Sharing, links_of
from yiwang.engines.exchange.kinds import FOLDER
from yiwang.engines.exchange.versions import Told, changes
from yiwang.kernel.errors import NotFound

from ..domain.search import found


@dataclass(frozen=True)
class ResourceView:
    """A resource with the words a list of resources shows."""

    resource: Resource
    provider_name: str
    places: tuple[str, ...]
    answers: tuple[str, ...]
    """Names of the documents it stands for."""
    frees: int
    """How many items it would free from papers."""

    @property
    def id(self) -> str:
        """The resource's id."""
        return self.resource.id


@dataclass(frozen=True)
class Filters:
    """What somebody looks for; "" is anything. `place` means: on that county's list."""

    words: str = ""
    library: str = ""
    provider: str = ""
    sharing: str = ""
    level: str = ""
    place: str = ""
    theme: str = ""
    subject: str = ""


@dataclass(frozen=True)
class Facets:
    """The values there are, each with how many resources have it, for the filters."""

    providers: tuple[tuple[str, str, int], ...]
    themes: tuple[tuple[str, int], ...]
    counties: tuple[tuple[str, str, int], ...]
    libraries: Mapping[Library, int]
    sharing: Mapping[Sharing, int]
    total: int


@dataclass(frozen=True)
class Version:
    """A resource as it came into force with one release; `changes` against the version before."""

    number: int
    release: str
    published_at: dt.datetime
    summary: str
    changes: tuple[Told, ...]
    gone: bool = False
    """Whether it left the catalogue with this release."""


@dataclass(frozen=True)
class Freed:
    """An item and the documents it need not ask for any more, by names."""

    item: str
    name: str
    materials: tuple[str, ...]


def resource(identity: str) -> Resource:
    """The resource as published and in force today. Raises NotFound."""
    one = exchange.resources(current().catalogue).get(identity)
    if one is None or not one.valid_on(timezone.localdate()):
        raise NotFound("目录里没有这个数据资源。", mend="请从数据目录里查找；停用的资源不再列出。")
    return one


def resources(filters: Filters | None = None) -> list[ResourceView]:
    """The resources in force today that fit, best first when words were given, else by name."""
    wanted, known = filters or Filters(), _listed(current().digest, timezone.localdate())
    fitting = [one for one in known if _fits(one.resource, wanted)]
    return found(wanted.words, ((one, one.resource.name, _written(one)) for one in fitting))


def view(identity: str) -> ResourceView:
    """One resource with its words. Raises NotFound."""
    resource(identity)
    return next(one for one in resources() if one.id == identity)


def facets() -> Facets:
    """The values to filter by, most used first."""
    known, catalogue = resources(), current().catalogue
    providers = Counter(one.resource.provider for one in known)
    themes = Counter(one.resource.theme for one in known if one.resource.theme)
    counties = Counter(
        place for one in known if one.resource.level is Level.COUNTY for place in one.resource.places
    )
    return Facets(
        tuple((org, _name(catalogue.orgs, org), n) for org, n in providers.most_common()),
        tuple((theme, n) for theme, n in themes.most_common() if theme),
        tuple((place, _name(catalogue.places, place), n) for place, n in counties.most_common()),
        Counter(one.resource.library for one in known),
        Counter(one.resource.sharing for one in known),
        len(known),
    )


def versions(identity: str) -> list[Version]:
    """How the resource changed, the newest version first; releases that left it as it was do not count.

    Raises NotFound when no published release has it.
    """
    kept: list[Version] = []
    before: Mapping[str, object] | None = None
    for past in reversed(past_of(FOLDER, identity)):
        now = past.content
        if now is None and before is None:
            continue
        told = changes(before, now) if before is not None and now is not None else ()
        if before is None or now is None or told:
            made = (past.release, past.published_at, past.summary, told)
            kept.append(Version(len(kept) + 1, *made, gone=now is None))
        before = now
    if not kept:
        raise NotFound("目录里没有这个数据资源。", mend="请从数据目录里查找。")
    return kept[::-1]


def links() -> Links:
    """Materials, licences and resources tied together, of the release in force."""
    return _links(current().digest)


def freed_by(identity: str) -> list[Freed]:
    """The items this resource would free from papers, and from which, in the order of their names."""
    catalogue = current().catalogue
    freed = [
        Freed(item, catalogue.items[item].name, tuple(catalogue.materials[one].name for one in materials))
        for item, materials in links().freed_by(identity).items()
    ]
    return sorted(freed, key=lambda one: one.name)


@lru_cache(maxsize=4)
def _links(digest: str) -> Links:
    return links_of(release(digest).catalogue)


@lru_cache(maxsize=4)
def _listed(digest: str, day: dt.date) -> tuple[ResourceView, ...]:
    catalogue = release(digest).catalogue
    known = catalogue.in_force(day, exchange.resources(catalogue).values())
    return tuple(sorted((_view(catalogue, digest, one) for one in known), key=lambda one: one.resource.name))


def _view(catalogue: Catalogue, digest: str, one: Resource) -> ResourceView:
    return ResourceView(
        one,
        _name(catalogue.orgs, one.provider),
        tuple(_name(catalogue.places, place) for place in one.places),
        tuple(_name(catalogue.materials, each) for each in one.answers),
        len(_links(digest).freed_by(one.id)),
    )


def _name(known: Mapping[str, object], identity: str) -> str:
    return str(getattr(known.get(identity), "name", identity))


def _fits(one: Resource, wanted: Filters) -> bool:
    tests: tuple[tuple[str, Callable[[], bool]], ...] = (
        (wanted.library, lambda: one.library == wanted.library),
        (wanted.provider, lambda: one.provider == wanted.provider),
        (wanted.sharing, lambda: one.sharing == wanted.sharing),
        (wanted.level, lambda: one.level == wanted.level),
        (wanted.place, lambda: one.level is Level.COUNTY and wanted.place in one.places),
        (wanted.theme, lambda: one.theme == wanted.theme),
        (wanted.subject, lambda: one.subject == wanted.subject),
    )
    return all(not value or test() for value, test in tests)


def _written(one: ResourceView) -> str:
    it = one.resource
    parts = (it.id, it.summary, it.theme, it.library.term, it.sharing.term, one.provider_name)
    fields = (field.name for field in it.fields)
    return " ".join(str(part) for part in (*parts, *fields, *one.answers, *one.places, *it.formerly) if part)
