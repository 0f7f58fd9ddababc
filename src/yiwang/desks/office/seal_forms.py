# SPDX-License-Identifier: Apache-2.0
"""The forms of applying for a seal and of asking to use one. What was uploaded once stays uploaded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone

from yiwang.apps.identity.public import officers_of
from yiwang.apps.materials import public as materials
from yiwang.apps.seals.public import CHANGE_REASONS, HOLDER_POSTS, NewPaper, PaperKind, Scope, SealKind
from yiwang.desks.seal_move_forms import MoveForm
from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.kernel.actor import Actor, Role

_OF_UNIT = (Role.CUSTODIAN, Role.HANDLER, Role.APPROVER, Role.REPRESENTATIVE)
_KINDS = [(kind.value, kind.term) for kind in SealKind if kind.applied_for]
_MEGABYTES = 10
_ACCEPTS = ("pdf", "jpg", "png")


def units_of(actor: Actor, catalogue: Catalogue) -> list[tuple[str, str]]:
    """The units that the actor may apply for: (`org|place`, words)."""
    found = {}
    for post in actor.posts:
        if post.role in _OF_UNIT and post.org in catalogue.orgs:
            for place in [post.place] if post.place else sorted(catalogue.places):
                name = f"{catalogue.orgs[post.org].short_name}（{catalogue.places[place].name}）"
                found[f"{post.org}|{place}"] = name
    return sorted(found.items(), key=lambda pair: pair[1])


def custodians_of(units: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The custodians of these units: (public id, words)."""
    found: dict[str, str] = {}
    for unit, words in units:
        org, place = unit.split("|")
        for officer in officers_of(org, place, Role.CUSTODIAN):
            if officer.has(Role.CUSTODIAN, org=org, place=place):
                found.setdefault(officer.id, f"{officer.name}（{words}）")
    return sorted(found.items(), key=lambda pair: pair[1])


def _text(label: str, hint: str = "", *, needed: bool = True, longest: int = 120) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=needed,
        max_length=longest,
        error_messages={"required": f"请填写{label}。"},
    )


def _size(label: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        initial=42,
        min_value=5,
        max_value=80,
        error_messages={"required": f"请填写{label}。", "invalid": "请填整数。"},
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )


def _paper(kind: PaperKind) -> forms.FileField:
    return forms.FileField(label=kind.term, required=False, help_text="PDF、JPG 或 PNG，不超过 10 MB")


class ApplicationForm(MoveForm):
    """What a unit fills in for a seal. `kept-…`: ids of papers that came with an earlier attempt."""

    kind = forms.ChoiceField(
        label="印章种类",
        choices=_KINDS,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择印章种类。"},
    )
    unit = forms.ChoiceField(label="单位", error_messages={"required": "请选择单位。"})
    unit_name = _text("单位法定名称", "照实物印章上的字填全称")
    name = _text("印章名称", "电子公章以单位法定名称开头，例如“××局行政审批专用章”；名章填“姓名＋印”")
    holder_name = _text("持有人姓名", "只有电子名章、电子职务章要填", needed=False, longest=60)
    holder_post = forms.ChoiceField(
        label="持有人职务", required=False, choices=[("", "（没有）"), *((one, one) for one in HOLDER_POSTS)]
    )
    custodian = forms.ChoiceField(
        label="保管人",
        help_text="专人保管：密钥和口令只归他掌握",
        error_messages={"required": "请选择保管人。"},
    )
    imprint_number = _text(
        "公安机关印模备案编号", "先刻制实物印章并备案；电子公章和法定代表人名章必填", needed=False, longest=60
    )
    picture = forms.FileField(
        label="印模图像", required=False, help_text="PNG。不上传就用备案的印模图像；上传的要和备案的一致"
    )
    width_mm = _size("印章宽（毫米）")
    height_mm = _size("印章高（毫米）")
    paper_unit = _paper(PaperKind.UNIT)
    paper_handler = _paper(PaperKind.HANDLER)
    paper_holder = _paper(PaperKind.HOLDER)

    def __init__(self, actor: Actor, catalogue: Catalogue, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self._actor = actor
        units = units_of(actor, catalogue)
        for name, choices in (("unit", units), ("custodian", custodians_of(units))):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", "请选择"), *choices]
        self.kept: dict[str, materials.StoredFile] = {}

    def clean(self) -> dict[str, Any]:
        """Take in what was uploaded, whatever else is wrong: it is not asked for again."""
        given = super().clean() or {}
        for kind in (PaperKind.UNIT, PaperKind.HANDLER, PaperKind.HOLDER):
            self._take(kind, given.get(f"paper_{kind.value}"))
        return given

    def _take(self, kind: PaperKind, upload: Any) -> None:
        """Keep an upload, or the one of an earlier attempt if it is this actor's own."""
        name = f"paper_{kind.value}"
        if upload:
            try:
                self.kept[name] = materials.store_file(
                    self._actor,
                    owner=self._actor.id,
                    name=upload.name,
                    content=upload,
                    accepts=_ACCEPTS,
                    max_megabytes=_MEGABYTES,
                )
            except materials.FileRefused as refused:
                self.add_error(name, str(refused))
            return
        earlier = self.data.get(f"kept-{name}", "")
        found = materials.describe([earlier]) if earlier else []
        if found and materials.owner_of(earlier) == self._actor.id:
            self.kept[name] = found[0]

    def papers(self) -> tuple[NewPaper, ...]:
        """The papers as the application brings them."""
        return tuple(
            NewPaper(PaperKind(name.removeprefix("paper_")), one.public_id, one.name, one.sha256)
            for name, one in self.kept.items()
        )


class ChangeForm(ApplicationForm):
    """The same, in place of another seal, with the reason (《办法》第十三条)."""

    reason = forms.ChoiceField(
        label="换领情形",
        choices=list(CHANGE_REASONS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "请选择一种情形。"},
    )
    words = forms.CharField(
        label="情况说明",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明情况。"},
    )
    field_order = ("reason", "words")


class UseForm(MoveForm):
    """A request to use a seal."""

    scope = forms.ChoiceField(
        label="用在哪里",
        choices=[(one.value, one.term) for one in Scope],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择用在哪里。"},
    )
    purpose = _text("用印事由", "例如：核发食品经营许可证", longest=200)
    document = _text(
        "文书编号", "一份文书的，填它的编号；系统自动用印的，填用途代码", needed=False, longest=60
    )
    material = forms.ChoiceField(label="证照类型", required=False, help_text="批量用印只对一种证照")
    limit = forms.IntegerField(
        label="最多几份",
        required=False,
        initial=1,
        min_value=1,
        error_messages={"invalid": "请填整数。"},
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    until = forms.DateField(
        label="用到哪一天（含当天）",
        initial=timezone.localdate,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "请填写日期。", "invalid": "日期写成 2026-01-31 这样。"},
    )

    def __init__(self, materials_of_unit: Sequence[tuple[str, str]], *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        field = self.fields["material"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "（不是证照）"), *materials_of_unit]


def licence_types(catalogue: Catalogue, org: str) -> list[tuple[str, str]]:
    """What the department's items issue: (material, name)."""
    found = {o.material for item in catalogue.items.values() if item.org == org for o in item.outputs}
    return sorted(((one, catalogue.materials[one].name) for one in found if one), key=lambda pair: pair[1])
