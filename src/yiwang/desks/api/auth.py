# SPDX-License-Identifier: Apache-2.0
"""Who calls the API: a session of ours (with its CSRF token), or a token of an account."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest
from ninja.security import APIKeyCookie, HttpBearer

from yiwang.apps.identity.public import actor_of_token
from yiwang.desks.access import Access
from yiwang.kernel.actor import Actor, ActorKind, Role
from yiwang.kernel.errors import NotAllowed

_F = TypeVar("_F", bound=Callable[..., Any])


class Session(APIKeyCookie):
    """The session cookie of somebody who logged in on a page; unsafe methods need the CSRF token.

    A call that brings a token is judged by the token alone: no other site can make a browser send it.
    """

    param_name = "sessionid"

    def _get_key(self, request: HttpRequest) -> str | None:
        if "Authorization" in request.headers or self.param_name not in request.COOKIES:
            return None
        return super()._get_key(request)

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        """The actor of the session, or None."""
        actor: Actor = request.actor  # type: ignore[attr-defined]
        return None if key is None or actor.kind is ActorKind.ANONYMOUS else actor


class Token(HttpBearer):
    """`Authorization: Bearer …`: a token issued to an account (`yiwang token issue`)."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """The actor behind a valid token, or None."""
        actor = actor_of_token(token)
        if actor is not None:
            request.actor = actor  # type: ignore[attr-defined]
        return actor


def allowed(*, person: bool = False, roles: tuple[Role, ...] = ()) -> Callable[[_F], _F]:
    """The access decision of one API operation; objects are decided by the app behind it."""
    return _decide(Access(person=person, roles=roles))


def public(why: str) -> Callable[[_F], _F]:
    """An operation that anybody may call, and why."""
    return _decide(Access(public=True, why=why))


def _decide(decision: Access) -> Callable[[_F], _F]:
    def decorate(operation: _F) -> _F:
        @wraps(operation)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            actor: Actor = request.actor  # type: ignore[attr-defined]
            if not decision.allows(actor):
                raise NotAllowed("您的账号不能调用这个接口。", mend="请换用有权限的账号。")
            return operation(request, *args, **kwargs)

        guarded.access = decision  # type: ignore[attr-defined]
        guarded.__signature__ = inspect.signature(operation, eval_str=True)  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate
