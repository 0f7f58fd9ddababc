# SPDX-License-Identifier: Apache-2.0
"""Check the credit catalogue as a whole: entries name measures and conditions that fit them."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.engines.definitions import Checked, Problem

from .book import CreditBook
from .evaluation_checks import check_evaluation
from .kinds import FOLDER, CreditEntry, CreditMeasure, CreditRepair, Ground
from .score_checks import check_scores
from .words import Proof


def check_credit(checked: Checked) -> Iterator[Problem]:
    """What one definition alone cannot tell. Ids that do not exist are told elsewhere."""
    known = checked.catalogue.others.get(FOLDER, {})
    book = CreditBook.of(checked.catalogue)
    used = set()
    for entry in book.entries.values():
        used.update(entry.measures)
        for place, measure in enumerate(entry.measures):
            if measure in known:
                yield from _measure(checked, entry, place, book.measures.get(measure))
        if entry.entering is not None and entry.entering.ground is not None:
            yield from _ground(checked, entry, entry.entering.ground, book)
        if entry.repair in known:
            yield from _repair(checked, entry, book.repairs.get(entry.repair or ""))
    for evaluation in book.evaluations.values():
        yield from check_evaluation(checked, evaluation, book)
    yield from check_scores(checked, book)
    for unused in sorted(set(book.measures) - used):
        what = "没有哪条目录用到这项措施，它不会有任何效果"
        yield checked.problem(FOLDER, unused, ("id",), what, "请在目录条目的 measures 里写上它，或删去")


def _measure(
    checked: Checked, entry: CreditEntry, place: int, measure: CreditMeasure | None
) -> Iterator[Problem]:
    path = ("measures", place)
    if measure is None:
        what = f"“{entry.measures[place]}”不是措施"
        yield checked.problem(FOLDER, entry.id, path, what, "请写 kind: measure 的编号")
    elif measure.effect.is_against != entry.sort.is_against:
        what = f"“{entry.sort.term}”与“{measure.effect.term}”方向相反"
        yield checked.problem(FOLDER, entry.id, path, what, "惩戒措施只因不利信息，激励措施只因有利信息")


def _ground(checked: Checked, entry: CreditEntry, ground: Ground, book: CreditBook) -> Iterator[Problem]:
    for place, name in enumerate(ground.entries):
        found = book.entries.get(name)
        path = ("entering", "ground", "entries", place)
        if found is None or found.sort.is_list:
            what = f"“{name}”不是可以作为列入依据的信息"
            yield checked.problem(FOLDER, entry.id, path, what, "请写名单以外的目录条目的编号")
        elif missing := set(ground.severities) - set(found.severities()):
            what = f"“{found.name}”不分“{'、'.join(sorted(missing))}”"
            yield checked.problem(FOLDER, entry.id, path, what, "请核对 severities")


def _repair(checked: Checked, entry: CreditEntry, repair: CreditRepair | None) -> Iterator[Problem]:
    if repair is None:
        what = f"“{entry.repair}”不是修复条件"
        yield checked.problem(FOLDER, entry.id, ("repair",), what, "请写 kind: repair 的编号")
    elif entry.entering is not None and not repair.asks(Proof.PROMISE):
        what = "退出名单没有要求公开作出专门的信用承诺"
        mend = "请在修复条件里加上 asks: promise（驻政〔2018〕85号 L663）"
        yield checked.problem(FOLDER, entry.id, ("repair",), what, mend)
