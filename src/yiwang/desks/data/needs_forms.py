# SPDX-License-Identifier: Apache-2.0
"""Forms of needs: what is looked for, what a department needs, who can supply, the next step."""

from __future__ import annotations

from typing import Any

from django import forms

from yiwang.apps.catalogue.public import current
from yiwang.apps.exchange import public as exchange
from yiwang.apps.exchange.public import NeedState, NewNeed
from yiwang.desks.console.told_forms import ToldForm
from yiwang.engines.exchange import Level, NeedKind

_ANY = ("", "不限")


class NeedFilterForm(forms.Form):
    """Which needs are looked for."""

    state = forms.ChoiceField(
        label="进展", required=False, choices=[_ANY, *((one.value, one.term) for one in NeedState)]
    )
    kind = forms.ChoiceField(
        label="需求类型", required=False, choices=[_ANY, *((one.value, one.term) for one in NeedKind)]
    )
    level = forms.ChoiceField(
        label="清单", required=False, choices=[_ANY, *((one.value, one.term) for one in Level)]
    )


class NeedForm(forms.Form):
    """What a department needs."""

    use_required_attribute = False
    org = forms.ChoiceField(label="需求部门")
    kind = forms.ChoiceField(
        label="用来做什么",
        choices=[(one.value, one.term) for one in NeedKind],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择用来做什么。"},
    )
    title = forms.CharField(
        label="需求名称",
        max_length=100,
        help_text="例如：核验申请人婚姻状况",
        error_messages={"required": "请写需求名称。"},
    )
    wants = forms.CharField(
        label="需要哪些信息",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="写明要哪些信息项、用在哪个环节；不要写任何人的姓名、证件号码",
        error_messages={"required": "请写明需要哪些信息。"},
    )
    item = forms.ChoiceField(label="用于哪个事项", required=False)
    resource = forms.ChoiceField(label="目录里已有的资源", required=False, help_text="目录里没有的不选")
    place = forms.ChoiceField(label="县区", required=False, help_text="县级需求才选；市级不选")

    def __init__(self, *args: Any, orgs: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        catalogue = current().catalogue
        shared = [one for one in exchange.resources() if one.resource.sharing != "not_shared"]
        known: dict[str, list[tuple[str, str]]] = {
            "org": [(org, catalogue.orgs[org].name) for org in sorted(orgs) if org in catalogue.orgs],
            "item": [("", "不限于一个事项"), *((one.id, one.name) for one in catalogue.items.values())],
            "resource": [
                ("", "没有，或者不清楚"),
                *((one.id, f"{one.resource.name}（{one.provider_name}）") for one in shared),
            ],
            "place": [
                ("", "市级"),
                *((p.id, p.name) for p in catalogue.places.values() if p.kind not in ("province", "city")),
            ],
        }
        for name, choices in known.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices

    def new_need(self) -> NewNeed:
        """What was typed, as the exchange takes it."""
        given = self.cleaned_data
        level = Level.COUNTY if given["place"] else Level.CITY
        names = ("org", "title", "wants", "item", "resource", "place")
        return NewNeed(kind=NeedKind(given["kind"]), level=level, **{name: given[name] for name in names})


class CorrectForm(NeedForm):
    """The same, of a need that is on the list already."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class MatchForm(ToldForm):
    """Who can supply."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    resource = forms.ChoiceField(label="目录里的资源", required=False)
    provider = forms.ChoiceField(label="或者：应当由哪个部门提供", required=False)
    words = forms.CharField(
        label="说明", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "match-%s", **kwargs})
        orgs = current().catalogue.orgs.values()
        shared = [one for one in exchange.resources() if one.resource.sharing != "not_shared"]
        resource, provider = self.fields["resource"], self.fields["provider"]
        assert isinstance(resource, forms.ChoiceField)
        assert isinstance(provider, forms.ChoiceField)
        named = ((one.id, f"{one.resource.name}（{one.provider_name}）") for one in shared)
        resource.choices = [("", "目录里还没有"), *named]
        provider.choices = [("", "请选择"), *((org.id, org.name) for org in orgs)]


class StepForm(ToldForm):
    """The next step, with words where it needs them."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    words = forms.CharField(
        label="说明",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="提出争议、处理争议、办结时必须写",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "step-%s", **kwargs})
