# SPDX-License-Identifier: Apache-2.0
"""「免」: which documents of an item the applicant need not bring, and why. One answer for every place that
shows a guide: the page of an item, the plan, the one-time notice, the counter, the API.

It follows from the definitions, and from the published list of certificate-free items (豫数政办〔2023〕3号
L289: 同源发布). The paper way stays open whatever it says (L290–291).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.kinds.materials import MaterialKind
from yiwang.engines.definitions.reusing import reuse_rule

MARK = "免"

Waived = Mapping[tuple[str, str], int]
"""The published list of certificate-free items: (item, material) → number of its batch."""


def free_words(catalogue: Catalogue, item: str, material: str, *, waived: Waived) -> str:
    """Why the applicant of `item` need not bring `material`, in words; empty: they bring it."""
    if batch := waived.get((item, material)):
        return f"已列入“免证可办”事项清单（第{batch}批），有电子证照的不用交；愿意交纸质的也可以"
    kind = catalogue.materials[material].kind
    if kind is MaterialKind.FORM:
        return "由申请表自动生成，不用您准备"
    if kind is MaterialKind.LICENCE:
        return "有有效电子证照的，不用交"
    if material in catalogue.producers:
        return "同一次办理中由前面的事项产生的，不用交"
    return ""


def reuse_words(catalogue: Catalogue, material: str, *, on: dt.date) -> str:
    """How long a document that was handed in once may stand in later cases, in words; empty: never.

    No mark: whoever applies for the first time still hands it in.
    """
    rule = reuse_rule(catalogue, material, on)
    return f"{int(rule.within.days)}日内办成的申请里交过的，不用再交" if rule else ""
