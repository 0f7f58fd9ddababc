# SPDX-License-Identifier: Apache-2.0
"""A citation in words is what an official document says, never a line of our text of the gazette."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from yiwang.engines.definitions.citing import cite_words, place_words, quoted_words
from yiwang.engines.definitions.kinds import Citation, Source


def _source(key: str, name: str, **more: object) -> Source:
    return Source.model_validate({"id": key, "name": name, "kind": "rule", "publisher": "某市", **more})


def _printed(lines: str) -> dict[str, str]:
    return {"doc": "gb-1", "at": lines}


KNOWN = SimpleNamespace(
    sources={
        one.id: one
        for one in (
            _source("law", "某法", kind="law"),
            _source("setting", "本市自行设定", kind="setting"),
            _source("gb-1", "某市人民政府公报第1号", kind="gazette", number="总第9号"),
            _source(
                "plan", "关于印发《某方案》的通知", number="某政〔2022〕1号", printed_in=_printed("L10–99"),
                parts={"L20–29": "（一）推进“一网通办”", "L30": "第2项政策", "L31–40": "强化监管"},
            ),
            _source("report", "工作报告", printed_in=_printed("L100–199")),
        )
    }
)  # fmt: skip
PLAN = "《关于印发〈某方案〉的通知》（某政〔2022〕1号）"


@pytest.mark.parametrize(
    ("doc", "at", "said"),
    [
        ("law", "第八条第（五）项", "《某法》第八条第（五）项"),
        ("law", "全文", "《某法》"),
        ("law", "申请材料", "《某法》“申请材料”"),
        ("law", "二、（一） L199", "《某法》二、（一）"),
        ("law", "gb-2022-10 L735—736 惩戒措施清单", "《某法》“惩戒措施清单”"),
        ("setting", "本市自行设定", "本市自行设定"),
        ("setting", "公示期限", "本市自行设定（公示期限）"),
        ("plan", "L20–22", f"{PLAN}“（一）推进‘一网通办’”"),
        ("plan", "L29–L35、L50", f"{PLAN}“（一）推进‘一网通办’”"),
        ("plan", "L30", f"{PLAN}第2项政策"),
        ("plan", "L98", PLAN),
        ("plan", "各文件责任单位", PLAN),
        ("report", "L150", "某市人民政府公报第1号《工作报告》"),
        ("gb-1", "L31", f"{PLAN}“强化监管”"),
        ("gb-1", "L25、L26、L150", f"{PLAN}“（一）推进‘一网通办’”、某市人民政府公报第1号《工作报告》"),
        ("gb-1", "L999", "某市人民政府公报第1号（总第9号）"),
        ("unknown", "第一条", "unknown第一条"),
    ],
)
def test_a_citation_reads_like_an_official_document(doc: str, at: str, said: str) -> None:
    assert cite_words(KNOWN, Citation(doc=doc, at=at)) == said


def test_what_is_quoted_follows_and_a_line_alone_is_no_place() -> None:
    cite = Citation(doc="law", at="第八条", quote="应当核对")
    assert quoted_words(KNOWN, cite) == "《某法》第八条：“应当核对”"
    assert place_words(Citation(doc="law", at="L471-473")) == ""
