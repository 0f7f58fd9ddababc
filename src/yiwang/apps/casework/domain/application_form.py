# SPDX-License-Identifier: Apache-2.0
"""The application form (申请表) as one plain text: what is declared to be true, signed, and proven later.

The same application gives the same bytes: no clock, no random order. UTF-8, a line feed after each line.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

FILE_NAME = "application-form.txt"


@dataclass(frozen=True)
class DeclarationText:
    """What the applicant declares before submitting. `version` is the SHA-256 of the words."""

    words: str

    @property
    def version(self) -> str:
        """The digest that names these very words."""
        return hashlib.sha256(self.words.encode()).hexdigest()


@dataclass(frozen=True)
class Paper:
    """A document of the form: how it comes, and the files handed in as (name, SHA-256)."""

    name: str
    source: str
    files: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class FormContent:
    """All that the form says. `values`: group → (name, value as people read it), in order."""

    application: str
    errand: str
    items: Sequence[str]
    applicant: str
    agent: str
    place: str
    answers: Sequence[tuple[str, str]]
    values: Mapping[str, Sequence[tuple[str, str]]]
    papers: Sequence[Paper]
    delivery: str
    declaration: DeclarationText


def form_text(content: FormContent) -> bytes:
    """The form as it is declared, signed and kept."""
    lines = [
        "申请表",
        "",
        f"申请事由：{_one_line(content.errand)}",
        f"申请序号：{content.application}",
        f"申请人：{_one_line(content.applicant)}",
        f"经办人：{_one_line(content.agent)}",
        f"办理地：{_one_line(content.place)}",
        "",
        "一、申请办理的事项",
        *(f"{n}. {_one_line(item)}" for n, item in enumerate(content.items, start=1)),
        "",
        "二、申请人的情况",
        *_pairs(content.answers),
        "",
        "三、填写的内容",
    ]
    for group, pairs in content.values.items():
        lines += [f"【{_one_line(group)}】", *_pairs(pairs)]
    lines += ["", "四、材料"]
    for n, paper in enumerate(content.papers, start=1):
        lines.append(f"{n}. {_one_line(paper.name)}：{_one_line(paper.source)}")
        lines += [f"   {_one_line(name)}（SHA-256 {digest}）" for name, digest in paper.files]
    lines += ["", f"五、领取方式：{_one_line(content.delivery)}", "", "六、申请人声明"]
    lines += content.declaration.words.splitlines()
    return ("\n".join(lines) + "\n").encode()


def _pairs(pairs: Sequence[tuple[str, str]]) -> list[str]:
    return [f"{_one_line(name)}：{_one_line(value)}" for name, value in pairs] or ["（无）"]


def _one_line(text: str) -> str:
    """Text that cannot pass for other lines of the form."""
    return " ".join(text.split())
