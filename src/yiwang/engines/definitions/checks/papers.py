# SPDX-License-Identifier: Apache-2.0
"""Who makes which paper: the government's own papers have an issuer, and only they are results."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.engines.definitions.kinds.materials import MaterialKind
from yiwang.engines.definitions.problems import Problem

from .checked import Checked

_APPLICANTS = (MaterialKind.OWN, MaterialKind.FORM)
_GOVERNMENTS = (MaterialKind.LICENCE, MaterialKind.RESULT)  # a proof may have many issuers


def wrong_results(checked: Checked) -> Iterator[Problem]:
    """Items whose result is a paper that applicants make themselves."""
    materials = checked.catalogue.materials
    for item in checked.catalogue.items.values():
        for index, output in enumerate(item.outputs):
            material = materials.get(output.material)
            if material and material.kind in _APPLICANTS:
                what = f"办理结果“{material.name}”是申请人自己的材料（kind: {material.kind}）"
                mend = "换成本事项核发的证照或文书，或把该材料的 kind 改为 licence 或 result"
                yield checked.problem("items", item.id, ("outputs", index), what, mend)


def papers_without_issuer(checked: Checked) -> Iterator[Problem]:
    """Licences and results that nobody is said to issue: they can never be looked up."""
    for material in checked.catalogue.materials.values():
        if material.kind in _GOVERNMENTS and material.issuer is None:
            where = checked.where("materials", material.id)
            what = f"“{material.name}”没有写明核发单位（issuer）"
            yield Problem.at(where, what, "写上核发或出具单位，才能免交", doubt=True)
