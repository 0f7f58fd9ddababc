# SPDX-License-Identifier: Apache-2.0
"""Turn a login into an actor, and an error into a page that says what to do next."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.contrib.messages import error as error_message
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from yiwang.apps.identity.public import actor_of
from yiwang.kernel.actor import ANONYMOUS
from yiwang.kernel.errors import Invalid, Kind, YiwangError
from yiwang.kernel.text import is_storable

log = logging.getLogger(__name__)

STATUS = {
    Kind.INVALID: 400,
    Kind.FORBIDDEN: 403,
    Kind.MISSING: 404,
    Kind.CONFLICT: 409,
    Kind.UNAVAILABLE: 503,
}

Respond = Callable[[HttpRequest], HttpResponseBase]


class ActorMiddleware:
    """Puts `request.actor`: who acts, with today's posts and mandates."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Attach the actor."""
        user = request.user
        request.actor = actor_of(user) if user.is_authenticated else ANONYMOUS  # type: ignore[attr-defined]
        return self.get_response(request)


class ErrorPages:
    """Answers a `YiwangError` that reaches the top: JSON for the API, a page for people."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: dict[str, object]
    ) -> HttpResponse | None:
        """Refuse what no database can keep, wherever it stands: address, query, form, file names."""
        sent = [*map(str, kwargs.values()), *request.GET.keys(), *request.POST.keys()]
        for given in (request.GET, request.POST):
            sent += [value for values in given.lists() for value in values[1]]
        sent += [str(file.name) for files in request.FILES.lists() for file in files[1]]
        if all(is_storable(text) for text in sent):
            return None
        return self.process_exception(
            request, Invalid("内容里有不能保存的字符。", mend="请返回上一页，删掉后重新输入。")
        )

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page or JSON for an error a person can act on; None leaves a fault to Django."""
        if not isinstance(exception, YiwangError):
            return None
        status = STATUS[exception.kind]
        if request.path.startswith("/api/"):
            return JsonResponse(
                error_body(exception), status=status, json_dumps_params={"ensure_ascii": False}
            )
        return render(request, "desks/error.html", {"error": exception, "status": status}, status=status)


def error_body(error: YiwangError) -> dict[str, str | None]:
    """An error as the API says it."""
    return {"kind": error.kind.value, "message": error.message, "mend": error.mend, "field": error.field}


def tell(request: HttpRequest, problem: YiwangError) -> None:
    """Show an error on the next page, above the form that keeps what was typed."""
    error_message(request, f"{problem.message}{problem.mend}")
