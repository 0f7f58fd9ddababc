# SPDX-License-Identifier: Apache-2.0
"""A holder says that a licence is wrong (证照有错): what is said makes it likelier to be checked."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from yiwang.apps.catalogue.public import current
from yiwang.apps.licences.public import complain, licence_for
from yiwang.desks.access import RequestWithActor, access


class ProblemForm(forms.Form):
    """What is wrong."""

    use_required_attribute = False
    words = forms.CharField(
        label="哪里不对",
        help_text="例如“经营场所的地址印错了”；不用写身份证号码",
        max_length=300,
        error_messages={"required": "请写明哪里不对。", "max_length": "请写短一些，最多300个字。"},
        widget=forms.Textarea(attrs={"rows": 4}),
    )


@access(person=True)
@require_http_methods(["GET", "POST"])
def licence_problem(request: RequestWithActor, licence: str) -> HttpResponseBase:
    """Say what is wrong with one of one's own licences."""
    one = licence_for(request.actor, licence)
    form = ProblemForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        complain(request.actor, licence, form.cleaned_data["words"])
        messages.success(request, "已经告诉数据管理部门，他们抽查核对后会要求发证机关更正。")
        return redirect("portal:licence", licence)
    material = current().catalogue.materials.get(one.material)
    name = material.name if material else one.material
    context = {"one": one, "name": name, "form": form}
    return render(request, "desks/portal/licence_problem.html", context, status=400 if form.errors else 200)
