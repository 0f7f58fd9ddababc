# SPDX-License-Identifier: Apache-2.0
"""People's signatures in tests of pages: the demo twin of an outside service, plugged in for a while."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image, ImageDraw

from yiwang import wiring
from yiwang.apps.signatures import public as signatures
from yiwang.apps.signatures.adapters.demo import DemoSigning
from yiwang.kernel.actor import Actor

SECRET = "签名口令abc12345"


@contextmanager
def plugged() -> Iterator[DemoSigning]:
    """The twin keeps people's keys inside the block; afterwards everything is as wired."""
    twin = DemoSigning()
    signatures.use_services(twin)
    signatures.use_trust(twin.trust)
    try:
        yield twin
    finally:
        wiring.plug_in()


def handwriting() -> bytes:
    """A stroke on a clear ground (PNG), as a canvas gives it."""
    picture = Image.new("RGBA", (600, 200), (0, 0, 0, 0))
    ImageDraw.Draw(picture).line([(60, 60), (300, 150), (540, 40)], fill=(0, 0, 0, 255), width=9)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def sign_something(actor: Actor, about: str) -> str:
    """A document that a person signed, with a signature that they revoked; the public id of the signing."""
    with plugged():
        signatures.apply_for_signature(
            actor,
            way=signatures.Way.UPLOADED,
            picture=signatures.from_upload(handwriting()),
            passphrase=SECRET,
            method="password",
            key="k1",
        )
        wanted = signatures.ToSign(b"application form", "application-form.txt", "申请表", about)
        made = signatures.sign(actor, wanted, passphrase=SECRET, method="password")
        signatures.revoke_signature(actor, reason=signatures.Reason.NOT_WANTED)
        return made
