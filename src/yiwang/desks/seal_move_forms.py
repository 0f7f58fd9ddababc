# SPDX-License-Identifier: Apache-2.0
"""The forms of what can be done with a seal; which of them is offered when stands in `seal_moves`."""

from __future__ import annotations

from typing import Any

from django import forms

from yiwang.apps.seals import public as seals
from yiwang.apps.seals.public import CANCEL_REASONS


class MoveForm(forms.Form):
    """A form of this desk: errors beside the fields, nothing decided by the browser."""

    use_required_attribute = False


def _words(label: str, *, needed: bool, hint: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=needed,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": f"请填写{label}。"},
    )


def secret(label: str, *, hint: str = "", fresh: bool = False) -> forms.CharField:
    """A passphrase; it is never shown again. `fresh`: a new one is chosen."""
    shown = {"autocomplete": "new-password" if fresh else "current-password"}
    return forms.CharField(
        label=label,
        help_text=hint,
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs=shown),
        error_messages={"required": f"请输入{label}。"},
    )


class NothingForm(MoveForm):
    """Only a button."""


class ApproveForm(MoveForm):
    """Words are welcome."""

    words = _words("审核意见", needed=False)


class RefuseForm(MoveForm):
    """Whoever refuses says why."""

    words = _words("不予制发的理由", needed=True, hint="申请单位会看到")


class ResumeForm(MoveForm):
    """Why it may be used again."""

    words = _words("恢复使用的理由", needed=True)


class CancelForm(MoveForm):
    """The last word on a seal."""

    words = _words("注销说明", needed=False)


class LossForm(MoveForm):
    """The written application to cancel (《办法》第十四条)."""

    reason = forms.ChoiceField(
        label="情形",
        choices=list(CANCEL_REASONS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "请选择一种情形。"},
    )
    words = _words("情况说明", needed=True, hint="什么时间、什么情况；提交后印章立即停用")


class _Repeated(MoveForm):
    def clean(self) -> dict[str, Any]:
        """Both times the same."""
        given = super().clean() or {}
        if given.get("new") and given.get("again") and given["new"] != given["again"]:
            self.add_error("again", "两次输入的口令不一样。")
        return given


class KeyForm(_Repeated):
    """The custodian chooses the passphrase."""

    new = secret("保护口令", hint="只有您知道，忘了不能找回，只能注销重办", fresh=True)
    again = secret("再输一遍", fresh=True)


class PassphraseForm(_Repeated):
    """The custodian changes the passphrase."""

    old = secret("现在的口令")
    new = secret("新口令", fresh=True)
    again = secret("再输一遍新口令", fresh=True)


class MakeForm(MoveForm):
    """The maker's passphrase; a certificate where no authority issues at once."""

    certificate = forms.FileField(
        label="数字证书文件",
        help_text="电子认证机构签发的证书（DER 或 PEM）",
        error_messages={"required": "请上传证书。"},
    )
    passphrase = secret("制章密钥的口令")

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        if seals.issuer() is not None:
            del self.fields["certificate"]
