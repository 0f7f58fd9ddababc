# SPDX-License-Identifier: Apache-2.0
"""A template prints what its licence states: no more, no less, and says who issued it."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.engines.definitions.kinds.materials import Material, MaterialKind
from yiwang.engines.definitions.kinds.templates import Fact, Template
from yiwang.engines.definitions.problems import Problem, nearest

from .checked import Checked

_ALWAYS = (Fact.NUMBER, Fact.ISSUER)
"""Without these nobody could look a licence up (行政许可法第三十九条: 加盖本行政机关印章)."""


def template_fields(checked: Checked) -> Iterator[Problem]:
    """Fields of a template that its material does not have, and those that are missing."""
    for template in checked.catalogue.templates.values():
        material = checked.catalogue.materials.get(template.material)
        if material is None:
            continue  # told by the check of references
        yield from _unknown(checked, template, material)
        yield from _missing(checked, template, material)
        if material.kind not in (MaterialKind.LICENCE, MaterialKind.RESULT):
            what = f"“{material.name}”不是政府核发的证照或结果（kind: {material.kind}），不需要模板"
            yield _problem(checked, template, ("material",), what, "换成证照或结果类材料，或删去本模板")


def template_versions(checked: Checked) -> Iterator[Problem]:
    """Two templates of one material that claim the same version."""
    first: dict[tuple[str, int], Template] = {}
    for template in checked.catalogue.templates.values():
        known = first.setdefault((template.material, template.version), template)
        if known is not template:
            what = f"证照“{template.material}”的第 {template.version} 版模板已有（{known.id}）"
            yield _problem(checked, template, ("version",), what, "新版模板的 version 要更大")


def _unknown(checked: Checked, template: Template, material: Material) -> Iterator[Problem]:
    known = [field.element for field in material.fields]
    for index, field in enumerate(template.fields):
        if field.element is not None and field.element not in known:
            what = (
                f"栏目“{field.label or field.element}”印的 {field.element} 不在“{material.name}”的 fields 里"
            )
            mend = f"{nearest(field.element, known)}在材料定义中补上它，或从模板中删去"
            yield _problem(checked, template, ("fields", index, "element"), what, mend)


def _missing(checked: Checked, template: Template, material: Material) -> Iterator[Problem]:
    printed = {field.key for field in template.fields}
    for field in material.fields:
        if field.element not in printed:
            what = f"模板缺少栏目“{field.label}”（{field.element}），“{material.name}”载明了它"
            yield _problem(checked, template, ("fields",), what, "在 fields 中补上这一栏")
    for fact in _ALWAYS:
        if fact not in printed:
            yield _problem(
                checked, template, ("fields",), f"模板缺少“{fact}”", f"在 fields 中补上 {{fact: {fact}, …}}"
            )


def _problem(
    checked: Checked, template: Template, path: tuple[int | str, ...], what: str, mend: str
) -> Problem:
    return checked.problem("templates", template.id, path, what, mend)
