# SPDX-License-Identifier: Apache-2.0
"""The house's own signing service: a person's signature over its seals, as wired."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test.utils import override_settings

from support import city as town
from support.city import City
from support.signing import SECRET, handwriting
from yiwang import wiring
from yiwang.apps.casework import public as casework
from yiwang.apps.journal.public import deliver_due, verify
from yiwang.apps.seals import public as seals
from yiwang.apps.seals.adapters.file_keeper import FileKeeper
from yiwang.apps.seals.tests import stage as play
from yiwang.apps.signatures import public as signatures
from yiwang.conf.settings import ENV
from yiwang.engines.sealing import sm2
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, Invalid, NotFound, Unavailable, YiwangError

pytestmark = [pytest.mark.storage, pytest.mark.django_db]


@pytest.fixture
def city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[City]:
    """The small city with a maker of seals."""
    monkeypatch.setattr(sm2, "PASSPHRASE_ROUNDS", 10)
    with override_settings(ENV={**ENV, "SEAL_MAKER_PASSPHRASE": play.MAKER_PASSPHRASE}):
        wiring.plug_in()
        seals.use_keepers(FileKeeper(tmp_path / "keys"))
        built = town.build()
        play.set_up_maker()
        yield built
    wiring.plug_in()


def applied(actor: Actor, *, key: str = "k1", passphrase: str = SECRET) -> str:
    """A signature at the house's own service."""
    picture = signatures.from_upload(handwriting())
    way = signatures.Way.UPLOADED
    return signatures.apply_for_signature(
        actor, way=way, picture=picture, passphrase=passphrase, method="password", key=key
    )


def signed_form(actor: Actor, draft: str, *, passphrase: str = SECRET) -> str:
    """The application form of a draft, signed."""
    digest = casework.form_to_sign(actor, draft).digest
    return casework.sign_form(actor, draft, digest=digest, passphrase=passphrase, method="password")


def declared(city: City) -> casework.Declared:
    """The declaration, with an electronic signature."""
    return casework.Declared(casework.declaration_text(city.release).version, "electronic")


def deliver() -> None:
    """Let the outbox work."""
    deliver_due(wiring.outbox(), give_up_after=dt.timedelta(hours=1))


def test_a_form_is_signed_submitted_and_proven_by_the_house(city: City) -> None:
    owner, draft = city["owner"], town.draft(city)
    applied(owner)
    with pytest.raises(Invalid):
        signed_form(owner, draft, passphrase="不是这个口令abc")
    made = signed_form(owner, draft)
    casework.submit(owner, draft, key="k", declared=declared(city))
    assert casework.declaration_of(owner, draft).signing == made
    report = signatures.verify_signing(owner, made)
    assert report.ok, report.failed
    assert signatures.picture_of(owner) == signatures.from_upload(handwriting())
    assert list(verify()) == []


def test_a_revoked_signature_of_the_house_signs_nothing_and_its_documents_stay_good(city: City) -> None:
    owner, draft = city["owner"], town.draft(city)
    applied(owner)
    made = signed_form(owner, draft)
    signatures.revoke_signature(owner, reason=signatures.Reason.LEAKED)
    deliver()
    assert seals.personal_seal_of(owner) is None
    casework.save_delivery(owner, draft, method="counter")
    with pytest.raises(NotFound, match="还没有电子签名"):
        signed_form(owner, draft)
    assert signatures.verify_signing(owner, made).ok


def test_redrawing_gives_a_new_key_and_the_old_documents_stay_good(city: City) -> None:
    owner, draft = city["owner"], town.draft(city)
    applied(owner)
    made = signed_form(owner, draft)
    applied(owner, key="k2", passphrase="另一个签名口令xyz98765")
    deliver()
    assert signatures.verify_signing(owner, made).ok
    again = signed_form(owner, draft, passphrase="另一个签名口令xyz98765")
    assert again != made
    assert signatures.verify_signing(owner, again).ok


def test_a_weak_passphrase_leaves_nothing_behind(city: City) -> None:
    with pytest.raises(Invalid):
        applied(city["owner"], passphrase="短")
    assert signatures.my_signature(city["owner"]) is None
    assert seals.personal_seal_of(city["owner"]) is None


def test_without_a_maker_the_paper_way_is_named(city: City) -> None:
    with override_settings(ENV={**ENV, "SEAL_MAKER_PASSPHRASE": ""}), pytest.raises(Unavailable) as refused:
        applied(city["owner"])
    assert "窗口" in refused.value.mend


def test_a_seal_that_was_ended_elsewhere_signs_nothing_here(city: City) -> None:
    owner, draft = city["owner"], town.draft(city)
    applied(owner)
    seal = seals.personal_seal_of(owner)
    assert seal is not None
    seals.revoke_signature(owner, seal.public_id)
    with pytest.raises(YiwangError) as refused:
        signed_form(owner, draft)
    assert refused.value.kind.value in ("forbidden", "conflict", "missing")
    with pytest.raises(Conflict):
        casework.sign_form(owner, draft, digest="0" * 64, passphrase=SECRET, method="password")
