# SPDX-License-Identifier: Apache-2.0
"""告知承诺: the words somebody signs instead of handing in a proof.

The text is made from the definitions, so that it says what the item asks for and on which clause
that rests; its digest is kept with the signature.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.kinds.items import Commitment
from yiwang.engines.planning.citations import cite_words


@dataclass(frozen=True)
class CommitmentText:
    """What is signed. `version` is the SHA-256 of the words."""

    material: str
    title: str
    words: str

    @property
    def version(self) -> str:
        """The digest that names these very words."""
        return hashlib.sha256(self.words.encode()).hexdigest()


def commitment_text(catalogue: Catalogue, material: str, items: Sequence[str]) -> CommitmentText | None:
    """The text for a material that these items need; None when one of them takes no commitment."""
    asked = [
        (item, use.commitment)
        for item in items
        for use in catalogue.items[item].materials
        if use.material == material
    ]
    allowed = [(item, commitment) for item, commitment in asked if commitment is not None]
    if not allowed or len(allowed) < len(asked):
        return None
    name = catalogue.materials[material].name
    wanted_by = "、".join(f"“{catalogue.items[item].name}”" for item, _ in allowed)
    entries = "；".join(dict.fromkeys(_entry(catalogue, commitment) for _, commitment in allowed))
    words = (
        f"一、告知。办理{wanted_by}需要“{name}”。按照告知承诺制（{entries}），"
        "您可以提交这份材料，也可以作出书面承诺代替，由您自己选择。\n"
        f"二、承诺。我已经清楚上述内容；“{name}”要证明的情况属实，符合办理条件；"
        "我对所承诺内容的真实性负责，并配合核查。\n"
        "三、责任。承诺不实的，行政机关依法处理，可以撤销据此作出的决定（行政许可法第三十一条、第六十九条）。"
    )
    return CommitmentText(material, f"“{name}”告知承诺书", words)


def _entry(catalogue: Catalogue, commitment: Commitment) -> str:
    return f"{commitment.list_entry}，{cite_words(catalogue, commitment.cite)}"
