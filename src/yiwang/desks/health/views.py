# SPDX-License-Identifier: Apache-2.0
"""What a load balancer and a monitoring system ask. No answer holds anybody's data."""

from __future__ import annotations

import hmac
import logging

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from yiwang.apps.catalogue.public import current_digest
from yiwang.desks.access import access

from .gauges import exposition

log = logging.getLogger(__name__)


@access(public=True, why="只回答进程还在，不读任何数据")
@never_cache
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """The process answers: nothing else is asked, so that a database's trouble does not restart us."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@access(public=True, why="只回答能不能服务，不含业务数据")
@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """The database answers and a catalogue is in force; 503 otherwise, so that nobody is sent here."""
    found = {"database": False, "catalogue": False}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        found["database"] = True
        found["catalogue"] = current_digest() is not None
    except DatabaseError as error:
        log.warning("not ready: %s", type(error).__name__)
    return JsonResponse(found, status=200 if all(found.values()) else 503)


@access(public=True, why="凭令牌（YIWANG_METRICS_TOKEN）；没有或不对时回答没有这个页面")
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Counts for a monitoring system that brings `Authorization: Bearer` and the token. Raises Http404."""
    given = request.headers.get("Authorization", "").encode()
    wanted = f"Bearer {settings.METRICS_TOKEN}".encode()
    if not settings.METRICS_TOKEN or not hmac.compare_digest(given, wanted):
        raise Http404
    return HttpResponse(exposition(), content_type=CONTENT_TYPE_LATEST)
