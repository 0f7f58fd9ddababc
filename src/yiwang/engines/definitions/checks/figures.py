# SPDX-License-Identifier: Apache-2.0
"""Every figure cites. Most kinds ask for it themselves; here is what they leave open."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.engines.definitions.problems import Problem

from .checked import Checked

_NATURAL = (0, 1)  # "not negative", "at least one": no policy decides these


def uncited_figures(checked: Checked) -> Iterator[Problem]:
    """Bounds of an element, and settings taken from a document, without a source."""
    mend = "补上 cite；来源没有给数字的写 cite: {doc: setting, at: 本市自行设定, quote: 理由}"
    for element in checked.catalogue.elements.values():
        for key, bound in (("minimum", element.minimum), ("maximum", element.maximum)):
            if bound is not None and bound not in _NATURAL and element.cite is None:
                what = f"数字 {key}: {bound} 没有来源"
                yield checked.problem("elements", element.id, (key,), what, mend)
