# SPDX-License-Identifier: Apache-2.0
"""The seals of the sample city: a demo authority, a maker, and for every department that plays a part its
法定名称章 and its 行政审批专用章, each with its custodian, its filed imprint and standing approvals. The
system presses two: the data bureau's on the journal, on credit reports that of the body that leads credit.

Every seal goes the whole way, through the same commands as in a real city.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from yiwang.apps.credit.public import SEAL_PURPOSE as CREDIT_REPORTS
from yiwang.apps.identity import public as identity
from yiwang.apps.journal.public import SEAL_PURPOSE
from yiwang.apps.materials import public as materials
from yiwang.apps.seals import public as seals
from yiwang.apps.seals.adapters import demo_authority
from yiwang.apps.seals.adapters.demo_authority import DemoAuthority
from yiwang.apps.seals.public import NewPaper, NewSeal, NewUse, PaperKind, Scope, SealKind, Wanted
from yiwang.engines.definitions import words
from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.papers import draw_seal
from yiwang.engines.sealing import Picture
from yiwang.engines.sealing import SealKind as Shape
from yiwang.kernel.actor import Actor, Role, system
from yiwang.kernel.errors import NotFound

from .city import HOME
from .offices import BUREAU
from .papers import drawing
from .passphrases import MAKER_PASSPHRASE
from .passphrases import SEAL_PASSPHRASE as PASSPHRASE

CITY = "zhumadian"
APPROVALS = "行政审批专用章"
BUREAU_NAME = "驻马店市政务服务和大数据管理局"
CREDIT_NAME, CREDIT_SEAL = "驻马店市发展和改革委员会", "公共信用信息专用章"
UNITS: Mapping[str, str] = {
    "market-regulation": "驻马店市驿城区市场监督管理局",
    "health": "驻马店市驿城区卫生健康体育委员会",
    "fire-rescue": "驻马店市驿城区消防救援大队",
    "city-management": "驻马店市驿城区城市管理局",
    "public-security": "驻马店市公安局驿城分局",
    "taxation": "国家税务总局驻马店市驿城区税务局",
    "hrss": "驻马店市驿城区人力资源和社会保障局",
    "medical-insurance": "驻马店市驿城区医疗保障局",
    "tobacco": "驻马店市驿城区烟草专卖局",
}
"""Department → legal name of its office at the sample city's home."""
_MAKER = system("示例城市")
_DAYS, _MOST = 300, 10_000
_MAKER_KEY = "demo-maker"


@dataclass(frozen=True)
class _Unit:
    """Who acts for a unit's seals."""

    org: str
    place: str
    name: str
    handler: Actor
    custodian: Actor
    approver: Actor


@transaction.atomic
def furnish_seals(catalogue: Catalogue) -> int:
    """Make the seals unless they are there; returns how many are in force that were made here.

    Raises NotFound when an officer is missing, FontsMissing when there is no font to draw a seal with.
    """
    if seals.seal_of(BUREAU, SealKind.BUSINESS, place=CITY):
        return 0
    demo_authority.found(_MAKER)
    _register_maker()
    administrator = _officer("", "", Role.SEALS)
    proofs = _proofs(administrator)
    made = 0
    for unit in _units():
        full = _make(unit, SealKind.LEGAL_NAME, "", proofs, administrator)
        business = _make(unit, SealKind.BUSINESS, APPROVALS, proofs, administrator)
        _approve_licences(unit, business, catalogue)
        made += len((full, business))
    for unit, ending, purpose, document in (
        (_of_the_city(BUREAU, BUREAU_NAME), "电子证照专用章", "封存日志的每日总值", SEAL_PURPOSE),
        (_of_the_city(credit_lead(catalogue), CREDIT_NAME), CREDIT_SEAL, "出具公共信用报告", CREDIT_REPORTS),
    ):
        own = _make(unit, SealKind.BUSINESS, ending, proofs, administrator)
        _approve(unit, own, NewUse(Scope.SYSTEM, purpose, _until(), document, limit=_MOST))
        made += 1
    return made


def credit_lead(catalogue: Catalogue) -> str:
    """The body that leads public credit, whose seal is on credit reports."""
    return words(catalogue, "credit-lead-org")


def _units() -> list[_Unit]:
    return [
        _Unit(
            org,
            HOME,
            name,
            _officer(org, HOME, Role.HANDLER),
            _officer(org, HOME, Role.CUSTODIAN),
            _officer(org, HOME, Role.APPROVER),
        )
        for org, name in UNITS.items()
    ]


def _of_the_city(org: str, name: str) -> _Unit:
    custodian = _officer(org, CITY, Role.CUSTODIAN)
    return _Unit(org, CITY, name, custodian, custodian, _officer(org, CITY, Role.APPROVER))


def _officer(org: str, place: str, role: Role) -> Actor:
    found = identity.officers_of(org, place, role)
    if not found:
        raise NotFound(f"示例城市里没有{role.term}（{org} {place}）。", mend="请换一个空的数据目录再试。")
    return found[0]


def _register_maker() -> None:
    """The key that makes seals, and its certificate."""
    now = timezone.now()
    point = seals.keeper().generate(_MAKER_KEY, MAKER_PASSPHRASE)
    wanted = Wanted(point, "驻马店市电子印章系统（示例）", BUREAU_NAME, now, now + dt.timedelta(days=3000))
    certificate = DemoAuthority().issue(wanted)
    seals.register_maker(_MAKER, name="驻马店市电子印章系统（示例）", key=_MAKER_KEY, certificate=certificate)


def _proofs(owner: Actor) -> Sequence[NewPaper]:
    """Scans of identity papers, drawn here, the same for all."""
    found = []
    for kind in (PaperKind.UNIT, PaperKind.HANDLER):
        stored = materials.store_file(
            _MAKER,
            owner=owner.id,
            name=f"{kind.term}.pdf",
            content=drawing(f"seal-{kind.value}"),
            accepts=["pdf"],
            max_megabytes=5,
        )
        materials.keep(_MAKER, [stored.public_id])
        found.append(NewPaper(kind, stored.public_id, stored.name, stored.sha256))
    return found


def _make(unit: _Unit, kind: SealKind, ending: str, proofs: Sequence[NewPaper], administrator: Actor) -> str:
    """One seal, from the filed imprint of the physical one to its filing; its public id."""
    picture = draw_seal(Shape.UNIT, unit.name, ending)
    number = f"示例备案-{unit.org}-{kind.value}"
    _file_imprint(unit, number, picture)
    new = NewSeal(
        kind=kind,
        org=unit.org,
        place=unit.place,
        unit_name=unit.name,
        name=f"{unit.name}{ending}",
        custodian=unit.custodian.id,
        picture=picture.data,
        width_mm=picture.width_mm,
        height_mm=picture.height_mm,
        imprint_number=number,
        papers=proofs,
    )
    made = seals.apply_for_seal(unit.handler, new)
    seals.approve(administrator, made)
    seals.make_key(unit.custodian, made, passphrase=PASSPHRASE)
    seals.make(administrator, made, passphrase=MAKER_PASSPHRASE)
    seals.file_seal(administrator, made)
    return made


def _file_imprint(unit: _Unit, number: str, picture: Picture) -> None:
    filed = seals.FiledImprint(number, unit.name, picture.data, picture.width_mm, picture.height_mm)
    seals.record_imprint(_MAKER, filed)


def _approve_licences(unit: _Unit, seal: str, catalogue: Catalogue) -> None:
    """Standing approvals for every type of licence that the department's items issue."""
    issued = {
        output.material
        for item in catalogue.items.values()
        if item.org == unit.org
        for output in item.outputs
        if output.material
    }
    for material in sorted(issued):
        purpose = f"核发{catalogue.materials[material].name}"
        _approve(unit, seal, NewUse(Scope.DECIDED, purpose, _until(), material=material, limit=_MOST))


def _approve(unit: _Unit, seal: str, new: NewUse) -> None:
    asked = seals.request_use(unit.custodian, seal, new)
    seals.approve_use(unit.approver, asked, words="同意")


def _until() -> dt.date:
    return timezone.localdate() + dt.timedelta(days=_DAYS)
