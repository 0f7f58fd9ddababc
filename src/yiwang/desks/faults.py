# SPDX-License-Identifier: Apache-2.0
"""Pages for what went wrong before or beneath our own errors: calm, and saying what to do.

Programs that call `/api/` get the same words as JSON.
"""

from __future__ import annotations

import logging
import secrets
import sys
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.debug import SafeExceptionReporterFilter

from yiwang.kernel.errors import Kind

log = logging.getLogger(__name__)

_TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
_NO_DATABASE = (OperationalError, InterfaceError)
_RETRY_AFTER = 60  # seconds


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: too much at once, or something no page of ours sends. (handler400)"""
    if isinstance(exception, _TOO_MUCH):
        words = ("一次提交的内容太多。", "请返回上一页，分几次保存；文件请逐个上传。")
    else:
        words = ("浏览器发来的请求看不懂。", "请返回首页重新进入；不要手工改动网址。")
    return _answer(request, 400, Kind.INVALID, *words)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403. (handler403)"""
    words = ("这里不能进入。", "请换用有权限的账号登录，或返回首页。")
    return _answer(request, 403, Kind.FORBIDDEN, *words)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404. (handler404)"""
    words = ("没有这个页面。", "网址可能写错了，或者页面已经搬走。请从首页搜索要办的事。")
    return _answer(request, 404, Kind.MISSING, *words)


def page_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without the right CSRF token: nearly always a page that stayed open too long."""
    words = ("页面停留太久，这次没有提交成功。", "请返回上一页，刷新后重新提交。已保存的都在。")
    return _answer(request, 403, Kind.FORBIDDEN, *words)


def locked_out(request: HttpRequest, _answer_so_far: Any, _credentials: Any) -> HttpResponse:
    """429 after too many wrong passwords for one name from one place. (AXES_LOCKOUT_CALLABLE)

    The same words whether the name exists or not.
    """
    minutes = round(settings.AXES_COOLOFF_TIME * 60)
    words = (
        "输错次数太多，登录已暂时锁定。",
        f"请 {minutes} 分钟后再试。忘记口令，或者不是您本人操作，请到政务服务中心窗口或拨打 12345。",
    )
    answer = _answer(request, 429, Kind.FORBIDDEN, *words)
    answer["Retry-After"] = str(minutes * 60)
    return answer


def fault(request: HttpRequest) -> HttpResponse:
    """500, or 503 while the database is out of reach. (handler500)

    Written without context processors, sessions or the database: what failed may be one of them.
    The number on the page is the one in the log.
    """
    number = secrets.token_hex(4)
    error = sys.exc_info()[1]
    log.error("fault %s: %s %s: %s", number, request.method, request.path, type(error).__name__)
    if isinstance(error, _NO_DATABASE):
        message, mend, status = "系统暂时不能用。", "请过几分钟刷新再试。急事可到窗口办理。", 503
    else:
        message = "系统出了故障，这一步没有办成。"
        mend, status = f"请稍后重试；仍不行请拨打 12345，并报出故障编号 {number}。", 500
    if request.path.startswith("/api/"):
        answer: HttpResponse = _json(status, Kind.UNAVAILABLE, message, mend)
    else:
        answer = HttpResponse(render_to_string("500.html", {"message": message, "mend": mend}), status=status)
    if status == 503:
        answer["Retry-After"] = str(_RETRY_AFTER)
    return answer


def _answer(request: HttpRequest, status: int, kind: Kind, message: str, mend: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        return _json(status, kind, message, mend)
    error = {"message": message, "mend": mend}
    return render(request, "desks/error.html", {"error": error, "status": status}, status=status)


def _json(status: int, kind: Kind, message: str, mend: str) -> JsonResponse:
    body: dict[str, Any] = {
        "kind": kind.value,
        "message": message,
        "mend": mend,
        "field": None,
        "problems": [],
    }
    return JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})


class HideWhatWasSent(SafeExceptionReporterFilter):
    """Keeps what people sent, and the values of variables, out of every error report.

    Django hides only what a view marks as sensitive; here everything is. In debug mode, which
    never serves others, a report shows all.
    """

    def get_post_parameters(self, request: HttpRequest | None) -> Any:
        """The names of the fields, without their values."""
        found = super().get_post_parameters(request)
        if request is None or not self.is_active(request):
            return found
        return dict.fromkeys(found, self.cleansed_substitute)

    def get_traceback_frame_variables(self, request: HttpRequest, tb_frame: Any) -> Any:
        """The names of a frame's variables, without their values."""
        found = super().get_traceback_frame_variables(request, tb_frame)
        if not self.is_active(request):
            return found
        return [(name, self.cleansed_substitute) for name, _ in found]
