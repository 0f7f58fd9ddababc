# SPDX-License-Identifier: Apache-2.0
"""A seal's key: its custodian makes it, with a passphrase nobody else knows (《办法》第十一条)."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from yiwang.engines.sealing import Signer
from yiwang.kernel.actor import Actor, ActorKind
from yiwang.kernel.errors import Conflict, Invalid
from yiwang.kernel.ids import new_public_id

from .. import plugs
from ..domain import passphrases
from ..domain.requests import certificate_request
from ..domain.states import State, move
from ..models import Seal
from ._shared import advance, locked, note, require_custodian


@transaction.atomic
def make_key(actor: Actor, public_id: str, *, passphrase: str) -> None:
    """The custodian makes the key of an approved seal, and with it the request for a certificate.

    Nobody but the custodian ever gives the passphrase; nobody can find it out or set it anew.
    Raises NotFound, NotAllowed, Conflict, Invalid for a weak passphrase, Unavailable.
    """
    seal = locked(actor, public_id)
    require_custodian(actor, seal)
    move("key", State(seal.state))
    put_key(seal, passphrase)
    advance(actor, seal, "key")


def put_key(seal: Seal, passphrase: str) -> Signer:
    """A new key for the seal's row (not saved here), and the request for its certificate; returns it opened.
    If the transaction fails the key is an orphan: no certificate ever names it."""
    figures = plugs.figures(seal.org, seal.place)
    passphrases.check(passphrase, plugs.passphrase_rule(figures))
    keeper, key = plugs.keeper(), new_public_id("k")
    seal.public_key = keeper.generate(key, passphrase)
    seal.keeper, seal.key = keeper.name, key
    seal.passphrase_at = timezone.now()
    signer = keeper.signer(key, passphrase, plugs.limits(figures))
    name, organization = certificate_names(seal)
    seal.request = certificate_request(name, organization, seal.public_key, signer)
    return signer


def certificate_names(seal: Seal) -> tuple[str, str]:
    """What the certificate shall call the seal: common name, organisation. No number of a person."""
    if seal.holder_name:
        return seal.holder_name, seal.unit_name
    return seal.name, seal.unit_name


@transaction.atomic
def change_passphrase(actor: Actor, public_id: str, *, old: str, new: str) -> None:
    """The custodian (or the signer of a personal signature) changes the passphrase (第十一条).

    Raises NotFound, NotAllowed, WrongPassphrase, KeyLocked, Conflict when there is no key, Invalid when
    the new one is weak or the old one.
    """
    seal = locked(actor, public_id)
    if actor.kind is not ActorKind.PERSON:
        require_custodian(actor, seal)
    if not seal.key or State(seal.state).is_final:
        raise Conflict("这枚印章现在没有密钥。", mend="请先生成密钥。")
    if old == new:
        raise Invalid("新口令和旧口令一样。", mend="请换一个。", field="new")
    figures = plugs.figures(seal.org, seal.place)
    passphrases.check(new, plugs.passphrase_rule(figures), field="new")
    seal.passphrase_at = timezone.now()
    seal.save(update_fields=["passphrase_at"])
    note(actor, seal, "修改口令", action="seal.passphrase.changed")
    plugs.keeper(seal.keeper).change_passphrase(seal.key, old, new, plugs.limits(figures))
