# SPDX-License-Identifier: Apache-2.0
"""An objection of the owner to data that the department `OFFICE` provides, with a file."""

from __future__ import annotations

from support.city import City, pdf
from yiwang.apps.quality import public as quality

KNOWS = {
    "objection": ("owner", "data of a department", "data", "auditor", "auditor elsewhere"),
    "evidence": ("owner", "data of a department"),
    "filed_objection": ("counter",),
    "met_objection": (),
}
"""Path parameter → who may know of the thing: who watches sees an objection, and none of its files; nobody
has met a visitor here, `test_objecting` knows what a clerk sees who has."""

NOTHING = {
    **dict.fromkeys(("objection", "filed_objection", "met_objection"), "obj_" + "0" * 26),
    **{"evidence": "file_" + "0" * 26, "mending": "qt_" + "0" * 26},
}
NO_MENDINGS = ("data-quality-mended",)
"""Pages of mendings: there are none in this world; `test_runs` knows whose they are."""


def objected(city: City) -> dict[str, str]:
    """Path parameter → id."""
    owner = city["owner"]
    file = quality.store_evidence(owner, owner=owner.id, name="证.pdf", content=pdf()).public_id
    new = quality.NewObjection(
        "health-certificates", "unit", "市中心医院", "写错了", subject=owner.id, files=[file]
    )
    told = {"subject": owner.id, "agent": owner.id}
    filed = quality.NewObjection("health-certificates", "qualified", "是", "写错了", **told)
    return {
        "objection": quality.object_to(owner, new),
        **dict.fromkeys(("filed_objection", "met_objection"), quality.object_to(city["counter"], filed)),
        "evidence": file,
    }


def knows(persona: str, parameters: set[str]) -> bool:
    """Whether a persona may know of the owner's objection, or of what stands with it."""
    return all(persona in who for name, who in KNOWS.items() if name in parameters)
