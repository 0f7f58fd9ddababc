# SPDX-License-Identifier: Apache-2.0
"""Stop a seal: written application of the unit, suspension at once, cancellation (第十三条、第十四条)."""

from __future__ import annotations

from django.db import transaction

from yiwang.kernel.actor import Actor, ActorKind
from yiwang.kernel.errors import Conflict, NotAllowed

from .. import plugs
from ..domain.reasons import CANCEL_REASONS, Purpose, check_reason, reason_words
from ..domain.states import State
from ..models import Seal
from ..queries import revocation_of
from ._shared import advance, is_administrator, is_of_unit, locked, require_administrator, words_of
from .trusting import take_over_crl
from .uses import end_all


@transaction.atomic
def ask_cancellation(actor: Actor, public_id: str, *, reason: str, words: str) -> None:
    """The unit applies in writing to cancel its seal, or reports a loss (挂失); from this moment the seal
    presses nothing. `reason` is one of `CANCEL_REASONS` (第十四条).

    Raises NotFound, NotAllowed, Invalid, Conflict.
    """
    seal = locked(actor, public_id)
    if not (is_of_unit(actor, seal) or is_administrator(actor, seal.place)):
        raise NotAllowed("您不能注销这枚印章。", mend="请由本单位提出书面申请。")
    check_reason(reason, CANCEL_REASONS, words)
    seal.cancel_reason, seal.cancel_words = reason, words_of(words)
    advance(actor, seal, "suspend", words=f"{reason_words(reason)}：{seal.cancel_words}")


@transaction.atomic
def resume(actor: Actor, public_id: str, *, words: str) -> None:
    """The administrator lets a suspended seal be used again: it was found, the report was wrong.

    Raises NotFound, NotAllowed, Conflict (also after a key leaked, or while it is revoked), Invalid.
    """
    seal = locked(actor, public_id)
    require_administrator(actor, seal.place)
    if seal.cancel_reason == "key-leak" or revocation_of(seal) is not None:
        raise Conflict("密钥已经泄露或者证书已被吊销，不能恢复使用。", mend="请注销后重新办理。")
    seal.cancel_reason = seal.cancel_words = ""
    advance(actor, seal, "resume", words=words_of(words, needed="恢复使用的理由"))


@transaction.atomic
def cancel(actor: Actor, public_id: str, *, words: str = "") -> None:
    """The administrator cancels a seal on the unit's written application (第十四条): its approvals end,
    its certificate is revoked where the authority is ours to ask, its key is destroyed.

    Raises NotFound, NotAllowed, Conflict: nobody applied for it.
    """
    seal = locked(actor, public_id)
    require_administrator(actor, seal.place)
    if not seal.cancel_reason:
        raise Conflict("还没有书面注销申请。", mend="由使用单位提出，或由印章管理员代为登记（写明情形）。")
    advance(actor, seal, "cancel", words=words_of(words) or reason_words(seal.cancel_reason))
    finish(actor, seal)


@transaction.atomic
def revoke_signature(actor: Actor, public_id: str) -> None:
    """A signer ends their personal signature: it signs nothing more. What was signed stays signed.

    Raises NotFound, NotAllowed, Conflict.
    """
    seal = locked(actor, public_id)
    if actor.kind is not ActorKind.SYSTEM and not (seal.holder and actor.id == seal.holder):
        raise NotAllowed("只有签名人本人可以注销电子签名。", mend="请签名人登录后办理。")
    seal.cancel_reason = "by-signer"
    advance(actor, seal, "cancel", words=reason_words("by-signer"))
    finish(actor, seal)


def give_way(actor: Actor, old: Seal, new: Seal) -> None:
    """The old seal is cancelled in favour of the new one; both are locked. One that was cancelled before
    stays as it is."""
    if State(old.state) is State.CANCELLED:
        return
    old.cancel_reason = old.cancel_reason or (
        "renewed" if new.purpose == Purpose.RENEWAL.value else "replaced"
    )
    old.cancel_words = old.cancel_words or reason_words(new.reason)
    advance(actor, old, "replace", words=f"{old.cancel_words}，由新印章接替")
    finish(actor, old)


def finish(actor: Actor, seal: Seal) -> None:
    """What a cancellation brings: approvals end, the certificate is revoked, the key is destroyed."""
    end_all(actor, seal, f"印章已注销：{reason_words(seal.cancel_reason)}")
    issuer = plugs.issuer()
    if issuer is not None and seal.serial:
        crl = issuer.revoke(seal.serial, seal.cancel_reason)
        if crl is not None:
            take_over_crl(actor, crl)
    if seal.key:
        name, key = seal.keeper, seal.key
        transaction.on_commit(lambda: plugs.keeper(name).destroy(key), robust=True)
        # Should the process die in between, the nightly round destroys it.
