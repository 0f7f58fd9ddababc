# SPDX-License-Identifier: Apache-2.0
"""What goes wrong beneath our own errors is told calmly, and tells nothing of what was sent."""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import override_settings
from django.urls import path
from django.views.debug import ExceptionReporter

from yiwang.conf.logs import HideNumbers
from yiwang.conf.urls import handler400, handler403, handler404, handler500
from yiwang.conf.urls import urlpatterns as ours

__all__ = ["handler400", "handler403", "handler404", "handler500"]

ID_NUMBER, PHONE, WORDS = "411702198503040118", "13912345678", "王小二的病历"
pytestmark = pytest.mark.django_db


def fails(request: HttpRequest, how: str) -> HttpResponse:
    """A view of a test that goes wrong with somebody's data in its hands."""
    number = request.POST.get("id", "")
    raise {
        "bug": ValueError(f"cannot read {number}"),
        "database": OperationalError(f"lost while writing {number}"),
        "forbidden": PermissionDenied(),
        "suspicious": SuspiciousOperation("odd"),
    }[how]


urlpatterns = [path("fails/<how>", fails), path("api/fails/<how>", fails), *ours]


@pytest.fixture
def visitor() -> Iterator[Client]:
    """Somebody whose errors become pages, as in a city."""
    with override_settings(ROOT_URLCONF=__name__):
        yield Client(raise_request_exception=False)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the platform's log would hold."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(HideNumbers("{levelname} {name} {message}", style="{"))
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


@pytest.mark.parametrize(
    ("how", "status", "says"),
    [
        ("bug", 500, "系统出了故障"),
        ("database", 503, "请过几分钟刷新再试"),
        ("forbidden", 403, "请换用有权限的账号"),
        ("suspicious", 400, "浏览器发来的请求看不懂"),
    ],
)
def test_a_person_reads_what_to_do_and_a_program_too(
    how: str, status: int, says: str, visitor: Client
) -> None:
    page = visitor.post(f"/fails/{how}", {"id": ID_NUMBER})
    assert page.status_code == status
    assert says in page.content.decode()
    assert "已经填写并保存的内容都还在" in page.content.decode()
    assert ID_NUMBER not in page.content.decode()
    answer = visitor.post(f"/api/fails/{how}", {"id": ID_NUMBER})
    assert answer.status_code == status
    body = answer.json()
    assert says in body["message"] + body["mend"]
    assert set(body) == {"kind", "message", "mend", "field", "problems"}
    assert answer.headers.get("Retry-After") == ("60" if status == 503 else None)


def test_a_page_that_is_not_there(visitor: Client) -> None:
    page = visitor.get("/nowhere")
    assert page.status_code == 404
    assert "没有这个页面" in page.content.decode()
    assert "首页搜索" in page.content.decode()
    assert visitor.get("/api/nowhere").json()["kind"] == "missing"


def test_a_page_that_stayed_open_too_long() -> None:
    careful = Client(enforce_csrf_checks=True)
    page = careful.post("/login", {"username": "somebody", "password": "secret"})
    assert page.status_code == 403
    text = page.content.decode()
    assert "页面停留太久" in text
    assert "已保存的都在" in text


def test_too_many_wrong_passwords(visitor: Client, log: io.StringIO) -> None:
    wrong = {"username": ID_NUMBER, "password": PHONE}
    answers = [visitor.post("/login", wrong) for _ in range(settings.AXES_FAILURE_LIMIT)]
    assert [one.status_code for one in answers] == [400] * (settings.AXES_FAILURE_LIMIT - 1) + [429]
    text = answers[-1].content.decode()
    assert "请 15 分钟后再试" in text
    assert answers[-1]["Retry-After"] == "900"
    assert ID_NUMBER not in text + log.getvalue()
    assert PHONE not in text + log.getvalue()


def test_too_much_at_once() -> None:
    many = {f"field{n}": "x" for n in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}
    careful = Client(enforce_csrf_checks=True, raise_request_exception=False)
    careful.get("/login")
    page = careful.post("/login", many)
    assert page.status_code == 400
    assert "请返回上一页，分几次保存" in page.content.decode()


def test_the_number_on_the_page_finds_the_fault_in_the_log(visitor: Client, log: io.StringIO) -> None:
    text = visitor.post("/fails/bug", {"id": ID_NUMBER}).content.decode()
    number = text.split("故障编号 ")[1].split("。")[0]
    assert f"fault {number}: POST /fails/bug: ValueError" in log.getvalue()


def test_the_log_holds_the_fault_without_what_was_sent(visitor: Client, log: io.StringIO) -> None:
    visitor.post(f"/fails/bug?id={ID_NUMBER}", {"id": ID_NUMBER, "words": WORDS, "phone": PHONE})
    visitor.post("/fails/database", {"id": f"+86{PHONE}"})
    text = log.getvalue()
    assert "ValueError: cannot read 〔已隐去〕" in text  # the traceback's own last line
    assert "OperationalError: lost while writing 〔已隐去〕" in text
    assert ID_NUMBER not in text
    assert PHONE not in text
    assert WORDS not in text


def _report() -> str:
    request = RequestFactory().post("/x", {"words": WORDS, "id": ID_NUMBER})
    words = WORDS
    try:
        raise ValueError(str(len(words)))
    except ValueError:
        reporter = ExceptionReporter(request, *sys.exc_info())
    return reporter.get_traceback_text() + reporter.get_traceback_html()


def test_no_report_of_an_error_holds_what_was_sent() -> None:
    report = _report()
    assert "words" in report  # the field's name is there
    assert WORDS not in report
    assert ID_NUMBER not in report


def test_in_debug_mode_a_report_shows_all() -> None:
    with override_settings(DEBUG=True):
        assert WORDS in _report()


def test_the_last_page_needs_nothing_that_may_be_broken(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_store: Any) -> Any:
        raise OperationalError("gone")

    monkeypatch.setattr("yiwang.apps.vault.sessions.SessionStore.load", fail)
    visitor.cookies["sessionid"] = "x" * 32
    page = visitor.get("/login")  # it fails before there is an actor, a session or a context
    assert page.status_code == 503
    assert "系统暂时不能用" in page.content.decode()
