# SPDX-License-Identifier: Apache-2.0
"""Reuse rules name documents that can be used again: handed in by applicants, about a person or a firm."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.engines.definitions.kinds.elements import Subject
from yiwang.engines.definitions.kinds.reuse import ReuseRule
from yiwang.engines.definitions.problems import Problem
from yiwang.engines.definitions.reusing import HANDED_IN

from .checked import Checked

_LASTING = (Subject.PERSON, Subject.FIRM)


def wrong_reuse(checked: Checked) -> Iterator[Problem]:
    """Rules that name a licence, a form, a result, or a paper about one thing or one case."""
    materials = checked.catalogue.materials
    for rule in checked.catalogue.others.get("reuse", {}).values():
        for index, name in enumerate(rule.materials if isinstance(rule, ReuseRule) else ()):
            material = materials.get(name)
            if material is None:
                continue  # told as a reference that leads nowhere
            if material.kind not in HANDED_IN:
                what = f"“{material.name}”不是申请人提交的材料（kind: {material.kind}），不按复用规则再用"
                mend = "删去这一项：证照和结果查登记，表单每次自动生成"
                yield checked.problem("reuse", rule.id, ("materials", index), what, mend)
            elif material.subject not in _LASTING:
                what = f"“{material.name}”讲的是一处房屋、一个店面或一次办理，说明不了下一次"
                mend = "删去这一项；确实讲的是人或企业的，改正该材料的 subject"
                yield checked.problem("reuse", rule.id, ("materials", index), what, mend)
