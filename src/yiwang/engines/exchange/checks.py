# SPDX-License-Identifier: Apache-2.0
"""Check data resources against the rest of the house: items, materials, grades, legal basis."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from yiwang.engines.definitions import Checked, Problem
from yiwang.engines.definitions.kinds.base import SourceKind
from yiwang.engines.definitions.kinds.elements import ElementType, Subject
from yiwang.engines.definitions.kinds.materials import MaterialKind

from .kinds import FOLDER, Resource
from .words import Mask, Sharing

_FITS: Mapping[ElementType, frozenset[ElementType]] = {
    ElementType.LONG_TEXT: frozenset({ElementType.TEXT, ElementType.ADDRESS}),
    ElementType.DECIMAL: frozenset({ElementType.INTEGER}),
    ElementType.TEXT: frozenset({ElementType.ADDRESS}),
}
"""Element's type → types of an item that answer it besides its own."""

_BASIS = (SourceKind.LAW, SourceKind.REGULATION, SourceKind.RULE)
_NAMES_SOMEBODY = {Subject.PERSON: ElementType.ID_NUMBER, Subject.FIRM: ElementType.USCC}


def check_resources(checked: Checked) -> Iterator[Problem]:
    """Everything about resources that one definition alone cannot tell. Missing ids are told elsewhere."""
    names: dict[str, str] = {}
    resources: Mapping[str, Any] = checked.catalogue.others.get(FOLDER, {})
    for resource in resources.values():
        yield from _fields(checked, resource)
        yield from _answers(checked, resource)
        yield from _basis(checked, resource)
        yield from _found_by(checked, resource)
        first = names.setdefault(resource.name, resource.id)
        if first != resource.id:
            what = f"与“{first}”同名，看目录的人分不清"
            yield checked.problem(FOLDER, resource.id, ("name",), what, "请在名称里写明区别，或删去一条")
    yield from _compared(checked, resources)


def _compared(checked: Checked, resources: Mapping[str, Resource]) -> Iterator[Problem]:
    """What commitments say is compared with resources that hold it, found by a number of the form."""
    for item in checked.catalogue.items.values():
        asked = {one.element for one in item.elements}
        for place, use in enumerate(item.materials):
            for each, one in enumerate(use.commitment.compare if use.commitment else ()):
                resource = resources.get(one.resource)
                held = {field.element: field for field in resource.fields} if resource else {}
                wrong = [name for name in one.elements if name not in held or name not in asked]
                if resource is None or (
                    one.by in asked and one.by in held and held[one.by].key and not wrong
                ):
                    continue
                what = "在线比对不成立：表里要填这些数据元，资源里要有填它们的信息项，号码的信息项要能查询"
                path = ("materials", place, "commitment", "compare", each)
                yield checked.problem("items", item.id, path, what, "请改正 by、elements，或换一个资源")


def _fields(checked: Checked, resource: Resource) -> Iterator[Problem]:
    for place, field in enumerate(resource.fields):
        path = ("fields", place)
        if field.grade > resource.grade:
            what = f"信息项“{field.name}”为{field.grade.term}，高于资源的{resource.grade.term}"
            mend = "就高从严：请把资源的 grade 提到不低于任何一个信息项"
            yield checked.problem(FOLDER, resource.id, (*path, "grade"), what, mend)
        element = checked.catalogue.elements.get(field.element or "")
        if element is None:
            continue
        if field.type is not element.type and field.type not in _FITS.get(element.type, frozenset()):
            what = f"信息项“{field.name}”是 {field.type}，数据元“{element.name}”要的是 {element.type}"
            yield checked.problem(
                FOLDER, resource.id, (*path, "type"), what, "请改正 type，或换一个类型合适的数据元"
            )
        if element.sensitive and field.mask is Mask.NONE:
            what = f"信息项“{field.name}”对应的数据元是个人信息，却没有写脱敏"
            mend = "请写 mask（name、id_number、phone、address、account 或 hide）"
            yield checked.problem(FOLDER, resource.id, path, what, mend)


def _answers(checked: Checked, resource: Resource) -> Iterator[Problem]:
    if resource.answers and resource.sharing is Sharing.NOT_SHARED:
        what = "不予共享的资源不能替代材料"
        yield checked.problem(FOLDER, resource.id, ("answers",), what, "请删去 answers，或核对共享类型")
    for place, material_id in enumerate(resource.answers):
        material = checked.catalogue.materials.get(material_id)
        if material is None:
            continue
        path = ("answers", place)
        if material.kind in (MaterialKind.FORM, MaterialKind.OWN):
            what = f"“{material.name}”由申请人自己填写或准备，部门的数据替代不了它"
            yield checked.problem(FOLDER, resource.id, path, what, "请删去；只有证照、结果、证明可以替代")
        elif material.subject not in (resource.subject, Subject.CASE):
            what = f"“{material.name}”关于 {material.subject}，本资源关于 {resource.subject}"
            yield checked.problem(FOLDER, resource.id, path, what, "请删去，或改正 subject")


def _basis(checked: Checked, resource: Resource) -> Iterator[Problem]:
    if resource.not_shared is None:
        return
    source = checked.catalogue.sources.get(resource.not_shared.doc)
    if source is not None and source.kind not in _BASIS:
        what = f"“{source.name}”不是法律、行政法规或国家政策，不能据以不予共享"
        mend = "请引用法律、行政法规或国家政策的条款；没有依据的应当共享"
        yield checked.problem(FOLDER, resource.id, ("not_shared", "doc"), what, mend)


def _found_by(checked: Checked, resource: Resource) -> Iterator[Problem]:
    if not resource.keys and resource.sharing is not Sharing.NOT_SHARED:
        what = "没有可以按它查询的信息项，接口无从查起"
        yield checked.problem(FOLDER, resource.id, ("fields",), what, "请给至少一个信息项写 key: true")
    wanted = _NAMES_SOMEBODY.get(resource.subject)
    if wanted is not None and not any(one.subject_id for one in resource.fields):
        what = f"关于 {resource.subject} 的资源，没有说明每一行是关于谁的"
        mend = f"请给 {wanted} 类型的信息项写 subject_id: true"
        yield checked.problem(FOLDER, resource.id, ("fields",), what, mend)
