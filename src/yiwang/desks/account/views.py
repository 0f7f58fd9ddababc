# SPDX-License-Identifier: Apache-2.0
"""Log in and out; elder mode."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from yiwang.apps.identity.public import actor_of
from yiwang.desks.access import access
from yiwang.desks.context import ELDER_COOKIE, desks_of

_YEAR = 365 * 24 * 3600
_LONGEST_NAME = 60


class LoginForm(AuthenticationForm):
    """Name and password; errors say what to do."""

    error_messages = {
        "invalid_login": f"登录名或密码不对。请检查大小写；连续输错 {settings.AXES_FAILURE_LIMIT} 次会锁定"
        f" {round(settings.AXES_COOLOFF_TIME * 60)} 分钟。",
        "inactive": "这个账号已停用。请到政务服务中心窗口咨询。",
    }

    def clean_username(self) -> str:
        """A name that no account can have is wrong like any other, and is not looked for."""
        name = str(self.cleaned_data["username"])
        if len(name) > _LONGEST_NAME:
            raise self.get_invalid_login_error()
        return name


def _back(request: HttpRequest, fallback: str = "/") -> str:
    """Where to go next: only to a page of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or fallback
    safe = wanted.startswith("/") and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else fallback


@access(public=True, why="登录页本身")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """The login page. What was typed as the name stays when the password was wrong; who came from nowhere in
    particular goes to their desk, or to the front page."""
    form = LoginForm(request, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        login(request, form.get_user())
        desks = desks_of(actor_of(form.get_user()))
        return redirect(_back(request, fallback=desks[0].address if desks else "/"))
    return render(
        request,
        "desks/login.html",
        {"form": form, "next": _back(request, fallback="")},
        status=400 if form.errors else 200,
    )


@access(public=True, why="退出只影响自己的会话")
@require_POST
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """Log out."""
    logout(request)
    return redirect("/")


@access(public=True, why="老年模式不需要登录")
@require_POST
def elder(request: HttpRequest) -> HttpResponseBase:
    """Turn elder mode (老年模式) on or off; remembered in a cookie."""
    answer = redirect(_back(request))
    if request.COOKIES.get(ELDER_COOKIE) == "1":
        answer.delete_cookie(ELDER_COOKIE)
    else:
        answer.set_cookie(ELDER_COOKIE, "1", max_age=_YEAR, samesite="Lax", secure=request.is_secure())
    return answer
