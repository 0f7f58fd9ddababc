# SPDX-License-Identifier: Apache-2.0
"""Count answers by method and status. Never by path: a path names a case."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from prometheus_client import Counter, Histogram

Respond = Callable[[HttpRequest], HttpResponseBase]

ANSWERS = Counter("yiwang_http_responses", "回答的请求，按方法和状态", ["method", "status"])
SECONDS = Histogram(
    "yiwang_http_seconds", "回答一个请求用的秒数", buckets=(0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30)
)
_METHODS = {"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"}


class CountAnswers:
    """Counts, when somebody reads the counts (YIWANG_METRICS_TOKEN)."""

    def __init__(self, get_response: Respond) -> None:
        if not settings.METRICS_TOKEN:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on and count what came back."""
        with SECONDS.time():
            answer = self.get_response(request)
        method = request.method if request.method in _METHODS else "other"
        ANSWERS.labels(method, str(answer.status_code)).inc()
        return answer
