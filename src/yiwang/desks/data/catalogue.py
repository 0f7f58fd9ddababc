# SPDX-License-Identifier: Apache-2.0
"""The data catalogue on the data desk: look for a resource, read one, take the list along."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yiwang.apps.catalogue.public import current
from yiwang.apps.exchange import public as exchange
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.context import DATA_DESK
from yiwang.engines.definitions.citing import quoted_words
from yiwang.engines.definitions.kinds.elements import Subject
from yiwang.engines.exchange import Level, Library, Sharing
from yiwang.kernel.actor import Role

_PAGE = 20
"""Resources on one page."""
ASKS = (Role.DATA, Role.HANDLER, Role.APPROVER, Role.REPRESENTATIVE)
"""Who may ask for data."""
SUBJECTS = {Subject.PERSON: "个人", Subject.FIRM: "单位", Subject.THING: "物（房屋、项目、场所）"}
TYPES = {
    "text": "文字",
    "long_text": "长文字",
    "integer": "整数",
    "decimal": "小数",
    "money": "金额（元）",
    "date": "日期",
    "boolean": "是否",
    "choice": "单选",
    "choices": "多选",
    "id_number": "公民身份号码",
    "uscc": "统一社会信用代码",
    "phone": "电话",
    "place": "行政区划",
    "address": "地址",
}
"""Type of an item of information → its word for people."""


class FilterForm(forms.Form):
    """What is looked for. Everything may stay empty; a value nobody knows finds nothing."""

    words = forms.CharField(
        label="找什么",
        required=False,
        max_length=100,
        help_text="名称、字段、部门、材料都行，例如：婚姻、营业执照",
    )
    library = forms.ChoiceField(label="所属库", required=False)
    provider = forms.ChoiceField(label="提供部门", required=False)
    sharing = forms.ChoiceField(label="共享类型", required=False)
    level = forms.ChoiceField(label="清单", required=False)
    place = forms.ChoiceField(label="县区（县级清单）", required=False)
    theme = forms.ChoiceField(label="主题", required=False)
    subject = forms.ChoiceField(label="关于谁", required=False)

    def __init__(self, data: Any, facets: exchange.Facets) -> None:
        super().__init__(data)
        known: dict[str, list[tuple[str, str]]] = {
            "library": [(one.value, f"{one.term}（{facets.libraries.get(one, 0)}）") for one in Library],
            "provider": [(org, f"{name}（{n}）") for org, name, n in facets.providers],
            "sharing": [(one.value, f"{one.term}（{facets.sharing.get(one, 0)}）") for one in Sharing],
            "level": [(one.value, one.term) for one in Level],
            "place": [(place, f"{name}（{n}）") for place, name, n in facets.counties],
            "theme": [(theme, f"{theme}（{n}）") for theme, n in facets.themes],
            "subject": [(one.value, word) for one, word in SUBJECTS.items()],
        }
        for name, choices in known.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", "不限"), *choices]

    def filters(self) -> exchange.Filters:
        """What was asked for; what is wrong in it is left out."""
        return exchange.Filters(**{name: value for name, value in self.cleaned_data.items() if value})


@access(roles=DATA_DESK)
@require_GET
def listed(request: RequestWithActor) -> HttpResponseBase:
    """The catalogue: search, filters, one page of resources."""
    facets = exchange.facets()
    form = FilterForm(request.GET, facets)
    form.is_valid()
    found = exchange.resources(form.filters())
    page = Paginator(found, _PAGE).get_page(request.GET.get("page"))
    asked = request.GET.copy()
    asked.pop("page", None)
    context = {
        "form": form,
        "page": page,
        "total": facets.total,
        "found": len(found),
        "level": form.cleaned_data.get("level", ""),
        "asked": asked.urlencode(),
        "narrowed": any(
            form.cleaned_data.get(name) for name in form.fields if name not in ("words", "level")
        ),
        "editable": exchange.is_bureau(request.actor) or exchange.data_orgs(request.actor),
    }
    return render(request, "desks/data/catalogue.html", context)


@access(roles=DATA_DESK)
@require_GET
def one(request: RequestWithActor, resource: str) -> HttpResponseBase:
    """A resource: what it holds, who may have it how, what it frees from papers, how it changed."""
    view = exchange.view(resource)
    catalogue, it = current().catalogue, view.resource
    context = {
        "view": view,
        "it": it,
        "subject": SUBJECTS.get(it.subject, it.subject),
        "fields": [(field, TYPES[field.type], _element(field.element)) for field in it.fields],
        "freed": exchange.freed_by(resource),
        "documents": [_document(link) for link in exchange.links().resources.get(resource, ())],
        "related": [catalogue.others["exchange"][other] for other in it.related],
        "versions": exchange.versions(resource),
        "needs": exchange.needs(exchange.NeedFilters(resource=resource, open_only=True)),
        "source": quoted_words(catalogue, it.cite),
        "may_ask": request.actor.has(*ASKS),
        "law": quoted_words(catalogue, it.not_shared) if it.not_shared else "",
    }
    return render(request, "desks/data/resource.html", context)


def _element(identity: str | None) -> str:
    element = current().catalogue.elements.get(identity or "")
    return element.name if element else ""


def _document(link: Any) -> dict[str, Any]:
    catalogue = current().catalogue
    named = catalogue.materials[link.material].name
    makers = [catalogue.items[item].name for item in link.issued_by]
    return {"name": named, "licence": link.licence, "makers": makers, "asked": len(link.asked_by)}
