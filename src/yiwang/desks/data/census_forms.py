# SPDX-License-Identifier: Apache-2.0
"""The form of a census draft: the resource, and a row for each item of information."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms

from yiwang.apps.catalogue.public import current
from yiwang.engines.definitions.kinds.elements import ElementType
from yiwang.engines.exchange import Cycle, Form, Grade, Library, Mask, Sharing

from .catalogue import SUBJECTS, TYPES

_NO_CHOICES = (ElementType.CHOICE, ElementType.CHOICES)
"""Types whose choices stand in an element: the bureau adds those in the file."""
_CITE = "本部门职责"


def _pairs(kind: Any) -> list[tuple[str, str]]:
    return [("", "请选择"), *((one.value, one.term) for one in kind)]


class EntryForm(forms.Form):
    """What the department says of a resource. Nothing has to be there until it is handed in."""

    version = forms.IntegerField(widget=forms.HiddenInput, initial=0)
    name = forms.CharField(label="资源名称", required=False, max_length=100, help_text="例如：居住证信息")
    summary = forms.CharField(
        label="里面有什么",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="一两句白话",
    )
    duty = forms.CharField(
        label="对应的职责", required=False, max_length=300, help_text="哪项职责履行中产生的，照职能配置规定写"
    )
    subject = forms.ChoiceField(
        label="关于谁", required=False, choices=[("", "请选择"), *((k.value, v) for k, v in SUBJECTS.items())]
    )
    library = forms.ChoiceField(label="所属库", required=False, choices=_pairs(Library))
    theme = forms.CharField(
        label="主题", required=False, max_length=40, help_text="主题库的才写，例如：社会保障"
    )
    sharing = forms.ChoiceField(label="共享类型", required=False, choices=_pairs(Sharing))
    condition = forms.CharField(
        label="共享条件", required=False, max_length=300, help_text="有条件共享的才写：什么情况下可以用"
    )
    not_shared_doc = forms.ChoiceField(
        label="不予共享的依据", required=False, help_text="不予共享的才选：必须是法律、行政法规或者国家政策"
    )
    not_shared_at = forms.CharField(
        label="依据的条款", required=False, max_length=60, help_text="例如：第八条"
    )
    grade = forms.ChoiceField(
        label="数据等级", required=False, choices=_pairs(Grade), help_text="就高从严：不低于任何一个信息项"
    )
    cycle = forms.ChoiceField(label="更新周期", required=False, choices=_pairs(Cycle))
    form = forms.ChoiceField(
        label="资源格式", required=False, choices=[(one.value, one.term) for one in Form]
    )
    system = forms.CharField(label="来自哪个业务系统", required=False, max_length=100)
    answers = forms.CharField(
        label="可以替代的材料",
        required=False,
        max_length=300,
        help_text="查到了就不用群众交的材料，写全名，用顿号分开，例如：营业执照、结婚证",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        laws = [
            one for one in current().catalogue.sources.values() if one.kind in ("law", "regulation", "rule")
        ]
        field = self.fields["not_shared_doc"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", "请选择"),
            *((one.id, one.name) for one in sorted(laws, key=lambda law: law.name)),
        ]

    def clean_answers(self) -> list[str]:
        """The ids of the documents that were named."""
        known = {one.name: one.id for one in current().catalogue.materials.values()}
        names = [name for name in re.split(r"[、,，;；\s]+", self.cleaned_data["answers"]) if name]
        if unknown := [name for name in names if name not in known]:
            raise forms.ValidationError(f"没有叫“{unknown[0]}”的材料：请写材料清单里的全名，或者先不写。")
        return [known[name] for name in names]


class ItemForm(forms.Form):
    """One item of information."""

    name = forms.CharField(label="名称", required=False, max_length=60)
    type = forms.ChoiceField(
        label="类型",
        required=False,
        choices=[(one.value, TYPES[one]) for one in ElementType if one not in _NO_CHOICES],
    )
    grade = forms.ChoiceField(label="等级", required=False, choices=[(one.value, one.term) for one in Grade])
    mask = forms.ChoiceField(label="脱敏", required=False, choices=[(one.value, one.term) for one in Mask])
    key = forms.BooleanField(label="可按它查询", required=False)
    subject_id = forms.BooleanField(label="说明是关于谁的", required=False)


ItemRows = forms.formset_factory(ItemForm, extra=0, max_num=100, validate_max=True)


def draft_of(form: EntryForm, rows: Any) -> dict[str, Any]:
    """What was typed, as a draft resource."""
    given = {key: value for key, value in form.cleaned_data.items() if value and key != "version"}
    doc, at = given.pop("not_shared_doc", ""), given.pop("not_shared_at", "")
    if doc or at:
        given["not_shared"] = {"doc": doc, "at": at}
    items = [row.cleaned_data for row in rows if row.cleaned_data.get("name")]
    given["fields"] = [{"id": f"item-{number}", **item} for number, item in enumerate(items, start=1)]
    given["cite"] = {"doc": "setting", "at": "数据普查", "quote": given.get("duty") or _CITE}
    return given


def start_of(draft: Mapping[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A kept draft as the forms begin with it: the resource, its rows."""
    materials = current().catalogue.materials
    names = [materials[one].name for one in draft.get("answers", ()) if one in materials]
    basis = draft.get("not_shared") or {}
    start = {**draft, "answers": "、".join(names)}
    start |= {"not_shared_doc": basis.get("doc", ""), "not_shared_at": basis.get("at", "")}
    return start, [dict(each) for each in draft.get("fields", ())]
