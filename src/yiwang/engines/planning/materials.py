# SPDX-License-Identifier: Apache-2.0
"""One set of materials (一套材料): every document once, and what spares the applicant handing it in.

In this order: generated from the one form · a licence in force · shared data · an earlier case ·
an earlier item of this plan · a signed commitment · later (容缺) · the applicant.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.kinds.materials import MaterialKind
from yiwang.engines.evidence import Answer, ProviderKind, Resolution
from yiwang.kernel.dates import format_date

from .conditions import condition_words
from .model import MaterialLine, Materials, Savings, Supply
from .needs import AskedMaterial, Needs

Free = Callable[[str, str], str]
"""(item, material) → why guides mark it 「免」; see `waivers.free_words`."""


def make_materials(
    catalogue: Catalogue,
    needs: Needs,
    resolved: Mapping[str, Resolution],
    left_out: Collection[str],
    *,
    free: Free,
) -> Materials:
    """Merge the materials of all taken items. `left_out`: members of the event not taken."""
    lines = []
    for material, askers in needs.materials.items():
        makers = needs.makers.get(material, ())
        supply, reason = _way(catalogue, resolved[material], makers) or (
            Supply.APPLICANT,
            _asking(catalogue, material, askers, left_out),
        )
        line = _line(catalogue, askers, makers, supply, reason)
        lines.append(replace(line, free=_free(free, line)))
    wanted = sum(len(line.required_by) for line in lines)
    given = sum(line.resolution.submitted for line in lines)
    return Materials(tuple(lines), Savings(wanted, given))


def _free(free: Free, line: MaterialLine) -> str:
    """A document is marked where all who ask for it mark it; each reason once."""
    words = [free(item, line.material) for item in line.required_by]
    return "；".join(dict.fromkeys(words)) if all(words) else ""


def _way(catalogue: Catalogue, resolution: Resolution, makers: Sequence[str]) -> tuple[Supply, str] | None:
    """How a material comes and why; None: the applicant hands it in."""
    definition = catalogue.materials[resolution.question.id]
    answer = resolution.answer
    if definition.kind is MaterialKind.FORM:
        return Supply.GENERATED, "由一张申请表自动生成，您核对后确认即可。"
    if answer is None or answer.kind is ProviderKind.APPLICANT:
        return None
    return Supply(answer.kind.value), _reason(catalogue, definition.name, answer, makers)


def _reason(catalogue: Catalogue, name: str, answer: Answer, makers: Sequence[str]) -> str:
    if answer.kind is ProviderKind.EARLIER_STEP:
        names = "、".join(f"“{catalogue.items[maker].name}”" for maker in makers)
        return f"办理{names}后产生“{name}”，由系统转交，不用您交。"
    if answer.kind is ProviderKind.COMMITMENT:
        return f"可以签告知承诺书代替（{answer.basis}）；不愿意承诺的，提交材料也可以。"
    if answer.kind is ProviderKind.DEFERRED:
        return f"可以先受理，{answer.source}。"
    until = f"，有效期至{format_date(answer.valid_until)}" if answer.valid_until else ""
    return f"已有有效的“{name}”（{answer.kind.term}{until}），免交。"


def _asking(
    catalogue: Catalogue, material: str, askers: Sequence[AskedMaterial], left_out: Collection[str]
) -> str:
    names = "、".join(f"“{catalogue.items[asker.item].name}”" for asker in askers)
    shared = f"请您提交一次，{names}共用。" if len(askers) > 1 else "请您提交。"
    makers = catalogue.producers.get(material, ())
    if unchosen := [maker for maker in makers if maker in left_out]:
        made = "、".join(f"“{catalogue.items[maker].name}”" for maker in unchosen)
        return f"{shared}它由{made}产生，这次没有办这一项：请提交已有的，或者加办这一项。"
    if makers:
        return f"{shared}还没有的，请先办理“{catalogue.items[makers[0]].name}”。"
    return shared


def _line(
    catalogue: Catalogue,
    askers: Sequence[AskedMaterial],
    makers: tuple[str, ...],
    supply: Supply,
    reason: str,
) -> MaterialLine:
    material = askers[0].use.material
    conditional = all(asker.conditional for asker in askers)
    rules = dict.fromkeys(asker.use.when for asker in askers if asker.use.when)
    return MaterialLine(
        material=material,
        name=catalogue.materials[material].name,
        required_by=tuple(asker.item for asker in askers),
        required=any(asker.use.required for asker in askers),
        conditional=conditional,
        copies=max(asker.use.copies for asker in askers),
        paper_original=any(asker.use.paper_original for asker in askers),
        resolution=supply,
        produced_by=makers,
        reason=f"{condition_words(rules)}{reason}" if conditional else reason,
        review_points=tuple(dict.fromkeys(point for asker in askers for point in asker.use.review_points)),
        cite=askers[0].use.cite,
    )
