# SPDX-License-Identifier: Apache-2.0
"""One set of materials (一套材料): every document once, and what spares the applicant handing it in.

In this order: generated from the one form · a licence in force · shared data · an earlier case ·
an earlier item of this plan · a signed commitment · later (容缺) · the applicant.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.kinds.materials import MaterialKind

from .citations import cite_words, duration_words
from .conditions import condition_words
from .lookups import Found, FoundMaterial
from .model import MaterialLine, Materials, Savings, Supply
from .needs import AskedMaterial, Needs


def make_materials(catalogue: Catalogue, needs: Needs, found: Found, left_out: Collection[str]) -> Materials:
    """Merge the materials of all taken items. `left_out`: members of the event not taken."""
    lines = []
    for material, askers in needs.materials.items():
        makers = needs.makers.get(material, ())
        way = _way(catalogue, material, askers, makers, found) or FoundMaterial(
            Supply.APPLICANT, _asking(catalogue, material, askers, left_out)
        )
        lines.append(_line(catalogue, material, askers, makers, way))
    wanted = sum(len(line.required_by) for line in lines)
    given = sum(line.resolution.submitted for line in lines)
    return Materials(tuple(lines), Savings(wanted, given))


def _way(
    catalogue: Catalogue,
    material: str,
    askers: Sequence[AskedMaterial],
    makers: Sequence[str],
    found: Found,
) -> FoundMaterial | None:
    definition = catalogue.materials[material]
    if definition.kind is MaterialKind.FORM:
        return FoundMaterial(Supply.GENERATED, "由一张申请表自动生成，您核对后确认即可。")
    if material in found.materials:
        return found.materials[material]
    if makers:
        names = "、".join(f"“{catalogue.items[maker].name}”" for maker in makers)
        return FoundMaterial(
            Supply.EARLIER_STEP, f"办理{names}后产生“{definition.name}”，由系统转交，不用您交。"
        )
    return _relief(catalogue, askers)


def _relief(catalogue: Catalogue, askers: Sequence[AskedMaterial]) -> FoundMaterial | None:
    """A commitment or a later day, where every asker allows one of them."""
    if all(asker.use.commitment for asker in askers):
        bases = [asker.use.commitment.cite for asker in askers if asker.use.commitment]
        basis = "、".join(dict.fromkeys(cite_words(catalogue, cite) for cite in bases))
        return FoundMaterial(
            Supply.COMMITMENT, f"可以签告知承诺书代替（{basis}）；不愿意承诺的，提交材料也可以。"
        )
    if all(asker.use.commitment or asker.use.deferrable for asker in askers):
        later = [asker.use.deferrable for asker in askers if asker.use.deferrable]
        shortest = min(later, key=lambda one: (one.within.days, one.promise))
        limit = duration_words(shortest.within)
        return FoundMaterial(
            Supply.DEFERRED,
            f"可以先受理，{limit}内补交（容缺受理，您需承诺：{shortest.promise.rstrip('。')}）。",
        )
    return None


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
    material: str,
    askers: Sequence[AskedMaterial],
    makers: tuple[str, ...],
    way: FoundMaterial,
) -> MaterialLine:
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
        resolution=way.supply,
        produced_by=makers,
        reason=f"{condition_words(rules)}{way.reason}" if conditional else way.reason,
        review_points=tuple(dict.fromkeys(point for asker in askers for point in asker.use.review_points)),
        cite=askers[0].use.cite,
    )
