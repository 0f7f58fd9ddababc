# SPDX-License-Identifier: Apache-2.0
"""A person, a handwriting and the demo twin of an outside signing service."""

from __future__ import annotations

import datetime as dt
import io

from PIL import Image, ImageDraw

from yiwang.apps.identity.public import register_person
from yiwang.apps.signatures.domain.services import SigningService
from yiwang.apps.signatures.plugs import use_services, use_settings, use_trust
from yiwang.apps.signatures.public import Way, apply_for_signature, from_upload
from yiwang.engines.definitions.kinds import Setting
from yiwang.engines.sealing import TrustStore
from yiwang.kernel.actor import Actor, ActorKind, system
from yiwang.kernel.ids import make_id_number

SECRET = "签名口令abc12345"


def handwriting() -> bytes:
    """A photograph of something written on grey paper."""
    picture = Image.new("RGB", (900, 400), (225, 222, 214))
    pen = ImageDraw.Draw(picture)
    for offset in (0, 140, 280):
        pen.line([(180 + offset, 120), (280 + offset, 260), (200 + offset, 300)], fill=(30, 30, 60), width=14)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()


def person(name: str = "王小明", serial: int = 1) -> Actor:
    """Somebody who is registered."""
    number = make_id_number("411702", dt.date(1985, 3, 4), serial)
    made = register_person(system("测试"), name=name, id_number=number, phone="13800000000", address="")
    return Actor(ActorKind.PERSON, made, name)


def level(name: str, value: int) -> Setting:
    """One setting."""
    return Setting(id=name, name=f"登录方式{value}", value=value, why="测试")


LEVELS = {
    one.id: one
    for one in (
        level("auth-level-password", 2),
        level("auth-level-token", 1),
        level("signature-auth-level", 2),
    )
}


def plug(service: SigningService, trust: TrustStore | None = None) -> None:
    """Plug a service in; trust whom it says, now and after each revocation, unless told otherwise."""
    use_services(service)
    use_settings(lambda: LEVELS)
    use_trust(lambda: trust if trust is not None else service.trust())  # type: ignore[attr-defined]


def applied(actor: Actor, *, key: str = "k1") -> str:
    """A signature in force."""
    return apply_for_signature(
        actor,
        way=Way.UPLOADED,
        picture=from_upload(handwriting()),
        passphrase=SECRET,
        method="password",
        key=key,
    )
