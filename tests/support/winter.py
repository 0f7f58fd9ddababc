# SPDX-License-Identifier: Apache-2.0
"""A village that burns clean coal: two households, a maker, officers of every level."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass, field

from PIL import Image

from yiwang.apps.benefits import public as benefits
from yiwang.apps.identity import public as identity
from yiwang.apps.materials.public import store_file
from yiwang.kernel.actor import Actor, ActorKind, Post, Role, system
from yiwang.kernel.ids import make_id_number

COAL, PLACE = "clean-coal-subsidy", "yicheng"
HEADING = "编号,日期,七联单发票号,购买吨数,购煤金额"
DECEMBER = dt.datetime(2020, 12, 1, 2, tzinfo=dt.UTC)
_SETUP = system("测试准备")


def picture() -> bytes:
    """A photograph of a notice board."""
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(out, "PNG")
    return out.getvalue()


def officer(name: str, *posts: tuple[str, str]) -> Actor:
    """An officer who is entered, with posts as (department, place)."""
    made = tuple(Post(Role.HANDLER, org, place) for org, place in posts)
    known = identity.appoint_officer(_SETUP, name=name, org=posts[0][0], posts=made)
    return Actor(ActorKind.OFFICER, known, name, made)


@dataclass
class Winter:
    """Who does what. `maker`: whoever represents the firm; `people`: heads of households of three and six."""

    maker: Actor
    code: str
    firm: str
    village: Actor = field(init=False)
    street: Actor = field(init=False)
    county: list[Actor] = field(init=False)
    city: list[Actor] = field(init=False)
    people: list[Actor] = field(init=False)
    station: str = field(init=False)
    payee: str = field(init=False)

    def __post_init__(self) -> None:
        self.village = officer("村干部", ("village-committees", PLACE))
        self.street = officer("街道干部", ("township-governments", PLACE))
        self.county = [
            officer("区散烧办", ("scattered-coal-office", PLACE)),
            officer("区财政", ("finance", PLACE)),
        ]
        self.city = [officer("市财政", ("finance", "")), officer("市财政二", ("finance", "zhumadian"))]
        above = benefits.add_station(
            self.county[0], policy=COAL, place=PLACE, name="老河街道", officers=(self.street.id,)
        )
        self.station = benefits.add_station(
            self.county[0], policy=COAL, place=PLACE, name="沙庄村", parent=above, officers=(self.village.id,)
        )
        self.people = [self.household(number, size) for number, size in ((1, 3), (2, 6))]
        self.payee = benefits.admit_payee(self.city[0], policy=COAL, code=self.code, name=self.firm)
        benefits.give_treasury_account(
            self.city[0], policy=COAL, place=PLACE, holder="驿城区财政局", bank="国库", account="41170200009"
        )
        self.account()

    def account(self, bank: str = "中国农业银行驿城支行") -> None:
        """The maker gives its account."""
        benefits.give_account(self.maker, self.payee, holder=self.firm, bank=bank, account="41170200000001")

    def household(self, number: int, size: int) -> Actor:
        """A household is enrolled by its village; its head."""
        birth = dt.date(1970, 3, number)
        code, name = make_id_number("411702", birth, 700 + number), f"张户{number}"
        person = identity.register_person(_SETUP, name=name, id_number=code)
        new = benefits.NewEnrolment(
            COAL, f"沙庄{number:03}", dt.date(2020, 1, 1), name, id_number=code, station=self.station,
            facts={"是否在洁净型煤补贴区域": "是", "家庭人数": str(size)},
            kept={"住址": f"沙庄村{number}号", "联系方式": "13800000000"},
        )  # fmt: skip
        benefits.enrol(self.village, new)
        return Actor(ActorKind.PERSON, person, name)

    def sell(self, *lines: str, period: str = "2020-11") -> int:
        """The maker reports sales: `沙庄001,2020-11-03,F1,0.1,90`."""
        return benefits.report(
            self.maker, self.payee, period=period, data="\n".join([HEADING, *lines]).encode()
        )

    def sum_up(self, period: str = "2020-11") -> str:
        """The village sums up and shows; the sheet's id."""
        return benefits.begin_sheet(self.village, policy=COAL, period=period, station=self.station)

    def hand_up(self, sheet: str) -> None:
        """The village hands up, with a photograph."""
        photo = store_file(
            self.village, owner=sheet, name="公示栏.png", content=picture(), accepts=["png"], max_megabytes=2
        )
        benefits.end_publicity(self.village, sheet, photos=[photo.public_id])

    def pass_on(self, sheet: str, *actors: Actor) -> None:
        """Each of them passes the sheet on; nobody named: everybody above the village."""
        for actor in actors or (self.street, *self.county, self.city[0]):
            benefits.check(actor, [sheet], passed=True)
