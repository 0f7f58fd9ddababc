# SPDX-License-Identifier: Apache-2.0
"""Check a table before it is opened to everybody (第十七、二十一条). The file is not kept."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from yiwang.apps.catalogue.public import current
from yiwang.apps.data_security import public as security
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.middleware import STATUS
from yiwang.engines.exchange import resources
from yiwang.kernel.actor import Role
from yiwang.kernel.errors import YiwangError

_CHECKERS = (Role.SECURITY, Role.DATA, Role.APPROVER)


class OpeningForm(forms.Form):
    """Which table of which resource."""

    use_required_attribute = False
    resource = forms.ChoiceField(label="哪个数据资源", error_messages={"required": "请选择数据资源。"})
    file = forms.FileField(
        label="准备公开的表格（CSV）",
        help_text="第一行是信息项的名称；只检查，不保存",
        error_messages={"required": "请选择文件。"},
    )
    consent = forms.BooleanField(label="涉及的每个人都同意公开", required=False)

    def __init__(self, *args: Any, orgs: frozenset[str] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["resource"]
        assert isinstance(field, forms.ChoiceField)
        known = resources(current().catalogue).values()
        mine = [one for one in known if orgs is None or one.provider in orgs]
        field.choices = [("", "请选择"), *((one.id, one.name) for one in mine)]

    def clean_file(self) -> Any:
        """No larger than any upload may be."""
        file = self.cleaned_data["file"]
        if file.size > settings.ENV["UPLOAD_MAX_MB"] * 1024 * 1024:
            raise forms.ValidationError(f"文件超过 {settings.ENV['UPLOAD_MAX_MB']} MB，请分成几个检查。")
        return file


@access(roles=_CHECKERS)
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: RequestWithActor) -> HttpResponseBase:
    """Upload a table, read the verdict."""
    actor = request.actor
    orgs = None if security.may_supervise_anybody(actor) else security.units_of(actor, *_CHECKERS)
    posted = request.method == "POST"
    form = OpeningForm(request.POST if posted else None, request.FILES if posted else None, orgs=orgs)
    context: dict[str, Any] = {"form": form, "at_least": security.open_at_least()}
    status = 200
    if posted and form.is_valid():
        given = form.cleaned_data
        try:
            context["found"] = security.check_opening(
                actor, given["resource"], given["file"].read(), consent=given["consent"]
            )
        except YiwangError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
            status = STATUS[error.kind]
    elif posted:
        status = 400
    return render(request, "desks/data/security_opening.html", context, status=status)
