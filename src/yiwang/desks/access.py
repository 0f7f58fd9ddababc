# SPDX-License-Identifier: Apache-2.0
"""Every route has an access decision. A view without one is refused at start.

`@access(...)` says who may use a route at all; which *objects* they may see or change is decided
by the app behind it, once, for pages and API alike. `routes()` lists every route with its
decision: the generated test and `docs/guides/routes.md` read it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.http import urlencode

from yiwang.kernel.actor import Actor, ActorKind, Role
from yiwang.kernel.errors import NotAllowed

View = Callable[..., HttpResponseBase]
CLERKS = (Role.COUNTER, Role.REPRESENTATIVE)
"""Who helps applicants at a counter, on the same pages as theirs."""


@dataclass(frozen=True)
class Access:
    """Who may use a route. Nothing set: nobody."""

    public: bool = False
    person: bool = False
    roles: tuple[Role, ...] = ()
    why: str = ""

    def allows(self, actor: Actor) -> bool:
        """Whether the actor may use the route at all."""
        if self.public:
            return True
        if actor.kind is ActorKind.PERSON:
            return self.person
        return actor.kind is ActorKind.OFFICER and actor.has(*self.roles)


class RequestWithActor(HttpRequest):
    """A request after `ActorMiddleware`."""

    actor: Actor


def access(
    *, public: bool = False, person: bool = False, roles: tuple[Role, ...] = (), why: str = ""
) -> Callable[[View], View]:
    """Declare and enforce who may use a view. A public view says why it may be.

    A visitor who is not logged in is sent to the login page and comes back afterwards.
    """
    decision = Access(public, person, roles, why)
    if public and not why:
        raise ValueError("a public route must say why it is public")

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: RequestWithActor, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if decision.allows(request.actor):
                return view(request, *args, **kwargs)
            if request.actor.kind is ActorKind.ANONYMOUS:
                return _to_login(request)
            raise NotAllowed("您的账号不能使用这个页面。", mend="请换用有权限的账号登录，或返回首页。")

        guarded.access = decision  # type: ignore[attr-defined]
        return guarded

    return decorate


def _to_login(request: HttpRequest) -> HttpResponse:
    # After a POST that met an expired session, the page that held the form is the one to return to.
    back = request.get_full_path() if request.method == "GET" else request.headers.get("Referer", "/")
    return redirect(f"/login?{urlencode({'next': back})}")


@dataclass(frozen=True)
class Route:
    """One route of the whole house."""

    path: str
    name: str
    view: View
    access: Access | None


def routes() -> Iterator[Route]:
    """Every Django route under the root URL configuration, with its access decision (or None)."""
    yield from _walk(get_resolver().url_patterns, "/")


def _walk(patterns: list[Any], prefix: str) -> Iterator[Route]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, path)
        elif isinstance(pattern, URLPattern):
            decision = getattr(pattern.callback, "access", None)
            yield Route(path, pattern.name or "", pattern.callback, decision)
