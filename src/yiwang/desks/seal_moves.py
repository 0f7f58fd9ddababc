# SPDX-License-Identifier: Apache-2.0
"""What can be done with a seal, as forms: one table, read by the office and the console alike."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from yiwang.apps.seals import public as seals
from yiwang.apps.seals.public import SealView, State
from yiwang.kernel.actor import Actor, Role

from .seal_move_forms import (
    ApproveForm,
    CancelForm,
    KeyForm,
    LossForm,
    MakeForm,
    MoveForm,
    NothingForm,
    PassphraseForm,
    RefuseForm,
    ResumeForm,
)

_HAS_KEY = (State.KEYED, State.MADE, State.ACTIVE, State.SUSPENDED)


@dataclass(frozen=True)
class Kind:
    """A move: its words, its form, when it is offered, what is called."""

    term: str
    hint: str
    form: type[MoveForm]
    states: Collection[State]
    """States of a seal in which it is offered,"""
    who: Callable[[Actor, SealView], bool]
    """and to whom."""
    act: Callable[[Actor, str, Mapping[str, Any]], object]
    done: str
    danger: bool = False
    fields: Mapping[str, str] | None = None
    """Field of an error → field of the form."""


def _keeps(actor: Actor, seal: SealView) -> bool:
    return actor.id == seal.custodian


def _of_unit(actor: Actor, seal: SealView) -> bool:
    roles = (Role.CUSTODIAN, Role.HANDLER, Role.APPROVER, Role.REPRESENTATIVE)
    return actor.has(*roles, org=seal.org, place=seal.place)


def _certificate(given: Mapping[str, Any]) -> bytes | None:
    found = given.get("certificate")
    return found.read(1_000_000) if found else None


OFFICE: dict[str, Kind] = {
    "key": Kind(
        "生成密钥",
        "印章已审核同意。请您（保管人）设定保护口令，生成密钥；之后由印章管理员制作、备案。",
        KeyForm,
        (State.APPROVED,),
        _keeps,
        lambda actor, one, given: seals.make_key(actor, one, passphrase=given["new"]),
        "密钥已生成。请等待印章管理员制作、备案。",
        fields={"passphrase": "new"},
    ),
    "passphrase": Kind(
        "修改保护口令",
        "口令应当定期或不定期修改。",
        PassphraseForm,
        _HAS_KEY,
        _keeps,
        lambda actor, one, given: seals.change_passphrase(actor, one, old=given["old"], new=given["new"]),
        "口令已修改，从现在起用新口令。",
        fields={"passphrase": "old", "new": "new"},
    ),
    "renew": Kind(
        "申请更新延期",
        "换一张新证书和一把新密钥，名称、印模、保管人不变；新印章备案时，这一枚同时注销。",
        NothingForm,
        (State.ACTIVE,),
        _of_unit,
        lambda actor, one, given: seals.renew(actor, one),
        "已申请更新延期，请等待审核。",
    ),
    "loss": Kind(
        "挂失、申请注销",
        "提交以后这枚印章立即停用，由印章管理员注销。",
        LossForm,
        (State.ACTIVE,),
        _of_unit,
        lambda actor, one, given: seals.ask_cancellation(
            actor, one, reason=given["reason"], words=given["words"]
        ),
        "印章已停用，等待印章管理员注销。",
        danger=True,
    ),
    "withdraw": Kind(
        "撤回申请",
        "还没有备案的申请可以撤回。",
        NothingForm,
        (State.APPLIED, State.APPROVED, State.KEYED, State.MADE),
        _of_unit,
        lambda actor, one, given: seals.withdraw(actor, one),
        "申请已撤回。",
        danger=True,
    ),
}


def _administers(actor: Actor, seal: SealView) -> bool:
    return actor.has(Role.SEALS, place=seal.place)


CONSOLE: dict[str, Kind] = {
    "approve": Kind(
        "审核同意",
        "核对单位、经办人的身份证明；印模要和公安机关备案的一致，系统会再比对一次。",
        ApproveForm,
        (State.APPLIED,),
        _administers,
        lambda actor, one, given: seals.approve(actor, one, words=given["words"]),
        "已同意。请保管人生成密钥。",
    ),
    "refuse": Kind(
        "不予制发",
        "写明理由，申请单位会看到。",
        RefuseForm,
        (State.APPLIED,),
        _administers,
        lambda actor, one, given: seals.refuse(actor, one, words=given["words"]),
        "已决定不予制发。",
        danger=True,
    ),
    "make": Kind(
        "制作印章",
        "在保管人的密钥上签发证书，制作印章；有效期与证书一致。",
        MakeForm,
        (State.KEYED,),
        _administers,
        lambda actor, one, given: seals.make(
            actor, one, passphrase=given["passphrase"], certificate=_certificate(given)
        ),
        "已制作，请备案。",
    ),
    "file": Kind(
        "备案",
        "备案以后印章生效；被换领、延期的原印章同时注销。",
        NothingForm,
        (State.MADE,),
        _administers,
        lambda actor, one, given: seals.file_seal(actor, one),
        "已备案，印章生效。",
    ),
    "cancel": Kind(
        "注销",
        "注销以后不能恢复：密钥销毁，证书吊销，用印批准全部收回。",
        CancelForm,
        (State.SUSPENDED,),
        _administers,
        lambda actor, one, given: seals.cancel(actor, one, words=given["words"]),
        "已注销。",
        danger=True,
    ),
    "resume": Kind(
        "恢复使用",
        "遗失的找回了、情况不属实的，可以恢复；密钥泄露的不能。",
        ResumeForm,
        (State.SUSPENDED,),
        _administers,
        lambda actor, one, given: seals.resume(actor, one, words=given["words"]),
        "已恢复使用。",
    ),
    "loss": Kind(
        "登记书面注销申请",
        "单位书面提出注销、报告遗失的，在这里登记；印章立即停用。",
        LossForm,
        (State.ACTIVE,),
        _administers,
        lambda actor, one, given: seals.ask_cancellation(
            actor, one, reason=given["reason"], words=given["words"]
        ),
        "印章已停用。",
        danger=True,
    ),
}


@dataclass(frozen=True)
class Offer:
    """A move that is offered now, with its form."""

    id: str
    kind: Kind
    form: MoveForm


def offers(
    table: Mapping[str, Kind],
    actor: Actor,
    seal: SealView,
    *,
    posted: str = "",
    data: Any = None,
    files: Any = None,
) -> list[Offer]:
    """The moves of a table that are offered; the posted one holds what was typed."""
    return [
        Offer(
            name,
            kind,
            kind.form(data, files, prefix=name) if name == posted else kind.form(prefix=name),
        )
        for name, kind in table.items()
        if seal.state in kind.states and kind.who(actor, seal)
    ]
