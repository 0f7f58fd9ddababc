# SPDX-License-Identifier: Apache-2.0
"""Why a seal is applied for, changed or cancelled, in the words of 《办法》第十条、第十三条、第十四条."""

from __future__ import annotations

from yiwang.kernel.errors import Invalid
from yiwang.kernel.termed import Termed


class Purpose(Termed):
    """What an application is for."""

    NEW = "new", "新制"
    RENEWAL = "renewal", "更新延期"
    CHANGE = "change", "变更换领"
    REISSUE = "reissue", "重新办理"

    @property
    def replaces(self) -> bool:
        """Whether it follows an earlier seal."""
        return self is not Purpose.NEW


CHANGE_REASONS = {
    "unit": "单位或者机构变更",
    "unit-name": "名称变更",
    "representative": "法定代表人或者经营者变更",
    "personal-name": "个人姓名变更",
    "damaged": "印章损坏",
    "physical": "实物印章发生变更",
    "custodian": "保管人变更",
    "other": "其他情形",
}
"""第十三条列出的情形；“保管人变更”属于其中的“等情形”：密钥只由保管人掌握，换人就换章。"""

CANCEL_REASONS = {
    "unit-ended": "单位撤并或注销",
    "physical-unused": "实物印章不再使用",
    "unused": "电子印章不再使用",
    "key-leak": "电子印章相关密钥泄露",
    "lost": "电子印章及其存储设备损坏、被盗或遗失",
}
"""第十四条."""

BY_SYSTEM = {
    "renewed": "更新延期",
    "replaced": "换领新章",
    "certificate-revoked": "数字证书已被吊销",
    "by-signer": "签名人注销",
}


def reason_words(reason: str) -> str:
    """The words of a reason, of whichever list."""
    return {**CHANGE_REASONS, **CANCEL_REASONS, **BY_SYSTEM}.get(reason, reason)


def check_reason(reason: str, allowed: dict[str, str], words: str) -> None:
    """Raises Invalid when the reason is not of the list, or the facts are not written down."""
    if reason not in allowed:
        raise Invalid("请选择一种情形。", mend="可选：" + "、".join(allowed.values()) + "。", field="reason")
    if not words.strip():
        raise Invalid("请写明情况。", mend="这是书面申请，要写清事实和时间。", field="words")


def follow_up_of(cancel_reason: str) -> Purpose:
    """After a change the old seal gives way; after a cancellation the unit applies anew."""
    return Purpose.CHANGE if cancel_reason in CHANGE_REASONS else Purpose.REISSUE
