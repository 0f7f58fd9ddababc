# SPDX-License-Identifier: Apache-2.0
"""A unit with its people, a demo authority, a maker: what a test of seals begins with."""

from __future__ import annotations

import datetime as dt
import struct
import zlib
from dataclasses import dataclass
from functools import lru_cache

from django.utils import timezone

from support.city import definitions
from yiwang.apps.identity import public as identity
from yiwang.apps.seals import public as seals
from yiwang.apps.seals.adapters import demo_authority
from yiwang.apps.seals.adapters.demo_authority import DemoAuthority
from yiwang.apps.seals.plugs import Wanted
from yiwang.apps.seals.public import NewPaper, NewSeal, NewUse, PaperKind, Scope, SealKind
from yiwang.engines.definitions.kinds import Setting
from yiwang.kernel.actor import Actor, ActorKind, Post, Role, system
from yiwang.kernel.ids import new_public_id

ORG, PLACE, UNIT = "health", "yicheng", "驿城区卫生健康委员会"
NAME = f"{UNIT}行政审批专用章"
PASSPHRASE = "保管人的口令-2026-x"
MAKER_PASSPHRASE = "制章人的口令-2026-y"
SETUP = system("测试准备")
PERSON = Actor(ActorKind.PERSON, "p_wang", "王一")


@lru_cache(maxsize=1)
def settings_of_city() -> dict[str, Setting]:
    """The repository's own figures."""
    return dict(definitions().settings)


def png(shade: int = 200) -> bytes:
    """A small PNG; each shade is another picture."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = b"".join(b"\0" + bytes((shade, 0, 0)) * 60 for _ in range(60))
    header = struct.pack(">IIBBBBB", 60, 60, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


@dataclass(frozen=True)
class Stage:
    """Who plays: the unit's handler, custodian, two approvers; two administrators; somebody elsewhere."""

    handler: Actor
    custodian: Actor
    approver: Actor
    approver_too: Actor
    administrator: Actor
    administrator_too: Actor
    auditor: Actor
    elsewhere: Actor
    other_department: Actor


def set_up() -> Stage:
    """People, demo authority, maker; the filed imprint of the unit's seal."""
    set_up_maker()
    record_imprint()
    return Stage(
        _officer("经办甲", ORG, Post(Role.HANDLER, ORG, PLACE)),
        _officer("保管乙", ORG, Post(Role.CUSTODIAN, ORG, PLACE)),
        _officer("审批丙", ORG, Post(Role.APPROVER, ORG, PLACE)),
        _officer("审批丁", ORG, Post(Role.APPROVER, ORG, PLACE)),
        _officer("印管戊", "service-bureau", Post(Role.SEALS)),
        _officer("印管己", "service-bureau", Post(Role.SEALS)),
        _officer("督查庚", "service-bureau", Post(Role.AUDITOR)),
        _officer("外县辛", ORG, Post(Role.CUSTODIAN, ORG, "xiping"), Post(Role.APPROVER, ORG, "xiping")),
        _officer("外局壬", "education", Post(Role.APPROVER, "education", PLACE)),
    )


def set_up_maker() -> None:
    """The demo authority, and the key that makes seals."""
    demo_authority.found(SETUP)
    key = new_public_id("k")
    point = seals.keeper().generate(key, MAKER_PASSPHRASE)
    now = timezone.now()
    wanted = Wanted(
        point, "驻马店市电子印章系统", "驻马店市政务服务和大数据管理局", now, now + dt.timedelta(days=900)
    )
    certificate = DemoAuthority().issue(wanted)
    seals.register_maker(SETUP, name="市电子印章系统", key=key, certificate=certificate)


def record_imprint(number: str = "YX-1", *, picture: bytes | None = None, unit: str = UNIT) -> None:
    """File an imprint, as the public security organ would have."""
    filed = seals.FiledImprint(number, unit, picture or png(), 42, 42)
    seals.record_imprint(SETUP, filed)


def _officer(name: str, org: str, *posts: Post) -> Actor:
    made = identity.appoint_officer(SETUP, name=name, org=org, posts=posts)
    return Actor(ActorKind.OFFICER, made, name, posts)


def papers(*kinds: PaperKind) -> tuple[NewPaper, ...]:
    """Proofs of identity."""
    wanted = kinds or (PaperKind.UNIT, PaperKind.HANDLER)
    return tuple(NewPaper(kind, f"file_{kind.value}", f"{kind.term}.pdf", "0" * 64) for kind in wanted)


def application(stage: Stage, **changed: object) -> NewSeal:
    """A right application for the unit's 行政审批专用章."""
    given: dict[str, object] = {
        "kind": SealKind.BUSINESS,
        "org": ORG,
        "place": PLACE,
        "unit_name": UNIT,
        "name": NAME,
        "custodian": stage.custodian.id,
        "picture": png(),
        "width_mm": 42,
        "height_mm": 42,
        "imprint_number": "YX-1",
        "papers": papers(),
    }
    return NewSeal(**{**given, **changed})  # type: ignore[arg-type]


def bring_into_force(stage: Stage, public_id: str) -> str:
    """From the application to the filing; returns the public id."""
    seals.approve(stage.administrator, public_id)
    seals.make_key(stage.custodian, public_id, passphrase=PASSPHRASE)
    seals.make(stage.administrator, public_id, passphrase=MAKER_PASSPHRASE)
    seals.file_seal(stage.administrator, public_id)
    return public_id


def seal_in_force(stage: Stage, **changed: object) -> str:
    """A seal of the unit, in force."""
    return bring_into_force(stage, seals.apply_for_seal(stage.handler, application(stage, **changed)))


def approved_use(stage: Stage, seal: str, **changed: object) -> str:
    """An approved use: of one document `doc_1`, unless said otherwise."""
    given: dict[str, object] = {
        "scope": Scope.ONE,
        "purpose": "核发证照",
        "until": timezone.localdate() + dt.timedelta(days=30),
        "document": "doc_1",
    }
    asked = seals.request_use(stage.custodian, seal, NewUse(**{**given, **changed}))  # type: ignore[arg-type]
    seals.approve_use(stage.approver, asked)
    return asked
