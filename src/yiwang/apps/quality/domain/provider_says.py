# SPDX-License-Identifier: Apache-2.0
"""What a provider's system says of a correction it was sent: taken in, mended, or refused with reasons."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from yiwang.kernel.errors import Conflict, Invalid
from yiwang.kernel.termed import Termed

WORDS, RECEIPT = 500, 120
"""The longest reasons, the longest receipt."""


class Said(Termed):
    """How a correction stands with the provider's system."""

    SENDING = "sending", "正在发往提供部门系统"
    TAKEN = "taken", "提供部门系统已收到"
    MENDED = "mended", "提供部门系统已更正"
    REFUSED = "refused", "提供部门系统没有更正"


@dataclass(frozen=True)
class Reply:
    """What it says. `words`: the reasons, needed when it refuses; they may tell of a person."""

    said: Said
    receipt: str = ""
    words: str = field(default="", repr=False)


def read_reply(body: bytes) -> Reply:
    """The answer to a correction. Raises Invalid, never showing what it says."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or not set(found) <= {"receipt", "outcome", "words"}:
        raise _odd("写法")
    receipt, words = found.get("receipt"), found.get("words", "")
    if not isinstance(receipt, str) or not 1 <= len(receipt) <= RECEIPT or not receipt.isprintable():
        raise _odd("receipt")
    if not isinstance(words, str):
        raise _odd("words")
    return reply_of(str(found.get("outcome", Said.TAKEN)), words, receipt=receipt)


def reply_of(outcome: str, words: str, *, receipt: str = "") -> Reply:
    """An outcome with its reasons. Raises Invalid."""
    if outcome not in (Said.TAKEN, Said.MENDED, Said.REFUSED):
        raise _odd("outcome")
    said, reasons = Said(outcome), words.strip()
    if said is Said.REFUSED and not reasons:
        raise Invalid("没有更正的，要写明理由。", mend="请在 words 里写明为什么不更正。", field="words")
    if len(reasons) > WORDS:
        raise Invalid(f"理由太长，最多{WORDS}个字。", mend="请写短一些。", field="words")
    return Reply(said, receipt, reasons)


def after(now: Said, says: Said) -> Said:
    """How it stands when the provider's system has said so. The same again changes nothing; a late "taken"
    does not take an outcome back. Raises Conflict: it has said the other thing already."""
    if now in (Said.MENDED, Said.REFUSED):
        if says not in (now, Said.TAKEN):
            raise Conflict(f"这次更正已经说过“{now.term}”。", mend="要改口的，请联系本部门的数据管理员。")
        return now
    return says


def _odd(what: str) -> Invalid:
    return Invalid(f"提供部门系统的回复读不出来（{what}）。", mend="请对照 docs/formats/corrections.md。")
