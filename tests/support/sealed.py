# SPDX-License-Identifier: Apache-2.0
"""Seals in the small city: two of the office that handles the errand, in force, with an approved use."""

from __future__ import annotations

from support import city as small
from support.city import City
from yiwang.apps.materials import public as materials
from yiwang.apps.seals.public import NewPaper, PaperKind
from yiwang.apps.seals.tests import stage as play
from yiwang.apps.seals.tests.stage import Stage


def stage_of(city: City) -> Stage:
    """The city's people in the parts they play with seals; the demo authority and the maker are set up."""
    play.set_up_maker()
    return Stage(
        handler=city["handler"],
        custodian=city["custodian"],
        approver=city["approver"],
        approver_too=city["representative"],
        administrator=city["seals"],
        administrator_too=city["seals"],
        auditor=city["auditor"],
        elsewhere=city["handler elsewhere"],
        other_department=city["handler of another department"],
    )


def sealed_thing(stage: Stage, number: int) -> dict[str, str]:
    """A seal in force with a paper and an approved use: path parameter → id."""
    paper = _paper(stage)
    proofs = (paper, NewPaper(PaperKind.HANDLER, paper.file, paper.name, paper.sha256))
    record, picture = f"YX-{number}", play.png(100 + number)
    play.record_imprint(record, picture=picture)
    name = f"{play.UNIT}专用章{number}"
    given = {"name": name, "picture": picture, "imprint_number": record, "papers": proofs}
    seal = play.seal_in_force(stage, **given)
    use = play.approved_use(stage, seal, document=f"doc_{number}")
    return {"seal": seal, "seal_use": use, "paper": paper.file}


def _paper(stage: Stage) -> NewPaper:
    stored = materials.store_file(
        stage.handler,
        owner=stage.handler.id,
        name="证明.pdf",
        content=small.pdf(),
        accepts=["pdf"],
        max_megabytes=1,
    )
    materials.keep(stage.handler, [stored.public_id])
    return NewPaper(PaperKind.UNIT, stored.public_id, stored.name, stored.sha256)
