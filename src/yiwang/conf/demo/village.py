# SPDX-License-Identifier: Apache-2.0
"""Who settles money by period in the sample city: a village, its street, the district and the city, each with
a login; two households, a maker, and where the money goes."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from yiwang.apps.benefits import public as benefits
from yiwang.apps.identity import public as identity
from yiwang.apps.identity.public import Subject, subject
from yiwang.kernel.actor import Actor, ActorKind, Post, Role, system
from yiwang.kernel.errors import Conflict

from .accounts import PASSWORD, DemoAccount
from .city import HOME, Cast
from .offices import BUREAU
from .seals import CITY

COAL, CHARGING = "clean-coal-subsidy", "charging-operation"
VILLAGE, STREET = "沙庄村", "老河街道"
BANK = "中国农业银行驿城支行"
_MAKER = system("示例城市")
_STAFF: Mapping[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "cunwei": ("村里小沙", (("village-committees", HOME),)),
    "jiedao": ("街道小河", (("township-governments", HOME),)),
    "sanban": ("区里小煤", (("scattered-coal-office", HOME),)),
    "qucai": ("区里小财", (("finance", HOME), ("development-reform", HOME))),
    "shicai": ("市里小政", (("finance", CITY), ("development-reform", CITY))),
    "shifu": ("市里小复", (("finance", CITY), ("development-reform", CITY))),
}
"""Login name → name, posts (department, place)."""

ACCOUNTS = (
    DemoAccount("cunwei", f"{VILLAGE}村干部（登记、汇总、公示）", "/office/settlements/"),
    DemoAccount("jiedao", f"{STREET}干部（审核）", "/office/settlements/"),
    DemoAccount("sanban", "驿城区散烧办（审核）", "/office/settlements/"),
    DemoAccount("qucai", "驿城区财政、发展改革（审核）", "/office/settlements/"),
    DemoAccount("shicai", "市财政、发展改革（复核、追回）", "/office/settlements/"),
    DemoAccount("shifu", "市财政、发展改革（另一位）", "/office/settlements/"),
)


def owner_of(cast: Cast) -> Actor:
    """Whoever represents the firm of the cast."""
    return Actor(ActorKind.PERSON, cast.owner, subject(cast.owner).name, (), frozenset({cast.firm}))


def staff() -> dict[str, Actor]:
    """The officers by login name; they and their logins are made the first time."""
    found: dict[str, Actor] = {}
    for username, (name, posts) in _STAFF.items():
        known = [one for one in identity.officers_of(*posts[0], Role.HANDLER) if one.name == name]
        if known:
            found[username] = known[0]
            continue
        made = tuple(Post(Role.HANDLER, org, place) for org, place in posts)
        officer = identity.appoint_officer(_MAKER, name=name, org=posts[0][0] or BUREAU, posts=made)
        with suppress(Conflict):
            identity.open_account(_MAKER, username=username, password=PASSWORD, owner=officer)
        found[username] = Actor(ActorKind.OFFICER, officer, name, made)
    return found


def furnish_village(cast: Cast) -> str:
    """The village with its street, the maker, the district's treasury; the village's id. The same again
    changes nothing."""
    people, firm = staff(), subject(cast.firm)
    district, city = people["sanban"], people["shicai"]
    above = benefits.add_station(
        district, policy=COAL, place=HOME, name=STREET, officers=(people["jiedao"].id,)
    )
    station = benefits.add_station(
        district, policy=COAL, place=HOME, name=VILLAGE, parent=above, officers=(people["cunwei"].id,)
    )
    if not payee_of(cast, COAL):
        benefits.admit_payee(city, policy=COAL, code=firm.number, name=firm.name)
        benefits.give_treasury_account(
            city, policy=COAL, place=HOME, holder="驿城区财政局", bank="国库", account="41170200009"
        )
    return station


def payee_of(cast: Cast, policy: str) -> str:
    """The firm's account with us under a policy; empty when it has none."""
    rows = benefits.payees_of(owner_of(cast))
    return next((key for key, name, _ in rows if name == _name(policy)), "")


def _name(policy: str) -> str:
    return benefits.settled_policies()[policy].name


def heads(cast: Cast) -> list[tuple[str, Subject, str]]:
    """Households of the village: number, head, how many people."""
    return [("沙庄001", subject(cast.resident), "3"), ("沙庄002", subject(cast.walk_in), "6")]
