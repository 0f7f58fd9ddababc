# SPDX-License-Identifier: Apache-2.0
"""Whether a document of the plan is given: a file, a signed commitment, a promise; silence is none."""

from __future__ import annotations

from dataclasses import dataclass

from yiwang.engines.planning import MaterialLine, Supply

_CHOSEN = (Supply.COMMITMENT, Supply.DEFERRED)


@dataclass(frozen=True)
class Handed:
    """What the applicant did about a document. `signed`: the version of the text they signed."""

    files: bool = False
    promised: bool = False
    signed: str = ""


NOTHING = Handed()


def complaint_of(line: MaterialLine, handed: Handed, text_version: str) -> str:
    """What is still to do for a document; empty when it is given or nobody has to give it.

    Args:
        text_version: of the commitment that may be signed for it today; empty if there is none.
    """
    if handed.files or line.conditional or not line.required:
        return ""
    if line.resolution is Supply.DEFERRED:
        return "" if handed.promised else f"请上传“{line.name}”，或选择先办后补"
    if line.resolution is Supply.COMMITMENT:
        if handed.signed and handed.signed == text_version:
            return ""
        changed = "（承诺书内容有变化，要重新阅读）" if handed.signed else ""
        return f"请上传“{line.name}”，或签署告知承诺书代替{changed}"
    if line.resolution is Supply.APPLICANT:
        return f"请上传“{line.name}”" + ("，这次不能先办后补" if handed.promised else "")
    return ""


def resolved(line: MaterialLine, handed: Handed) -> Supply:
    """How the document comes to the officer, once the application is submitted."""
    if handed.files:
        return Supply.APPLICANT
    if line.resolution is Supply.DEFERRED and handed.promised:
        return Supply.DEFERRED
    if line.resolution is Supply.COMMITMENT and handed.signed:
        return Supply.COMMITMENT
    return Supply.APPLICANT if line.resolution in _CHOSEN else line.resolution
