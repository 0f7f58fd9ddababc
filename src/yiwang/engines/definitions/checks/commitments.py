# SPDX-License-Identifier: Apache-2.0
"""Proofs that a commitment may replace: nothing excluded, no vague words, notice and letter whole.

Each rule stands in 驻政办〔2021〕8号 (公报2021年第3号); which words are vague is a setting.
"""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.engines.definitions.hints import Path
from yiwang.engines.definitions.kinds.items import Item
from yiwang.engines.definitions.kinds.standing_in import Commitment
from yiwang.engines.definitions.problems import Problem

from .checked import Checked

NOTICE = {
    "commitment-way": ("承诺方式", "L769"),
    "commitment-liability-civil": ("不实承诺的民事责任", "L769"),
    "commitment-liability-administrative": ("不实承诺的行政责任", "L769"),
    "commitment-liability-criminal": ("不实承诺的刑事责任", "L769"),
    "commitment-checking-power": ("行政机关核查权力", "L769"),
    "commitment-letter": ("承诺书的内容", "L771"),
}
LETTER_PARTS = "commitment-letter-parts"
VAGUE = "commitment-vague-words"
_SAYS = "（驻政办〔2021〕8号 {at}）"


def commitments(checked: Checked) -> Iterator[Problem]:
    """What is wrong with commitments, each with the line of the gazette it offends."""
    found = list(_all(checked))
    if not found:
        return
    for item, path, _ in found[:1]:
        yield from _shared_parts(checked, item, path)
    vague = _words(checked, VAGUE)
    for item, path, commitment in found:
        yield from _excluded(checked, item, path, commitment)
        yield from _vague(checked, item, path, commitment, vague)


def _all(checked: Checked) -> Iterator[tuple[Item, Path, Commitment]]:
    for item in checked.catalogue.items.values():
        for index, use in enumerate(item.materials):
            if use.commitment is not None:
                yield item, ("materials", index, "commitment"), use.commitment


def _words(checked: Checked, name: str) -> list[str]:
    found = checked.catalogue.settings.get(name)
    return [one for one in str(found.value).split("、") if one] if found else []


def _shared_parts(checked: Checked, item: Item, path: Path) -> Iterator[Problem]:
    """Notices and letters have the same general parts: settings that must be there, free of vague words."""
    settings, vague = checked.catalogue.settings, _words(checked, VAGUE)
    for name, (part, at) in NOTICE.items():
        if name not in settings:
            what = f"告知承诺缺“{part}”" + _SAYS.format(at=at)
            yield checked.problem("items", item.id, path, what, f"在 settings/ 里写上 {name}")
        elif bad := [word for word in vague if word in str(settings[name].value)]:
            what = f"“{part}”里有模糊表述或者兜底条款：{'、'.join(bad)}" + _SAYS.format(at="L769")
            yield checked.problem("settings", name, ("value",), what, "写成可量化、易操作的话")
    letter = str(settings["commitment-letter"].value) if "commitment-letter" in settings else ""
    for part in _words(checked, LETTER_PARTS):
        if letter and part not in letter:
            what = f"承诺书缺“{part}”" + _SAYS.format(at="L771")
            yield checked.problem("settings", "commitment-letter", ("value",), what, "补上这一项")


def _excluded(checked: Checked, item: Item, path: Path, commitment: Commitment) -> Iterator[Problem]:
    if commitment.concerns:
        names = "、".join(commitment.concerns)
        what = f"“{commitment.list_entry}”直接涉及{names}，不适用告知承诺制" + _SAYS.format(at="L759")
        yield checked.problem("items", item.id, path, what, "删去这条 commitment，让申请人提交证明")


def _vague(
    checked: Checked, item: Item, path: Path, commitment: Commitment, vague: list[str]
) -> Iterator[Problem]:
    texts = {("proves",): commitment.proves, ("check", "standard"): commitment.check.standard}
    if commitment.public is not None:
        texts[("public", "scope")] = commitment.public.scope
    for keys, text in texts.items():
        if bad := [word for word in vague if word in text]:
            what = f"告知内容里有模糊表述或者兜底条款：{'、'.join(bad)}" + _SAYS.format(at="L769")
            yield checked.problem("items", item.id, (*path, *keys), what, "写成可量化、易操作的话")
