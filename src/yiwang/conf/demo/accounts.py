# SPDX-License-Identifier: Apache-2.0
"""The demonstration's accounts: a few with a known password to try by hand, and tokens for one run.

They are opened by `yiwang demo` alone, in the sample city's own database.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from django.db import transaction

from yiwang.apps.identity import public as identity
from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.exchange import resources
from yiwang.kernel.actor import Post, Role, system
from yiwang.kernel.errors import Conflict, NotFound

from .city import HOME, Cast
from .offices import BUREAU, departments
from .seals import CITY, UNITS, credit_lead

PASSWORD = "yiwang-demo-2026"  # noqa: S105  # nosec B105 - of invented people
_MAKER = system("示例城市")


@dataclass(frozen=True)
class DemoAccount:
    """An account to try: its login name and whom it is of, in words."""

    username: str
    who: str
    start: str


ACCOUNTS = (
    DemoAccount("jumin", "居民（网上办事）", "/"),
    DemoAccount("laike", "居民（在窗口开始，网上接着办）", "/"),
    DemoAccount("laoban", "企业法定代表人", "/"),
    DemoAccount("jingban", "企业授权经办人", "/"),
    DemoAccount("chuangkou", "驿城区综合窗口人员", "/counter/"),
    DemoAccount("daibiao", "驿城区市场监管首席事务代表", "/office/"),
    DemoAccount("shouli", "驿城区各部门经办人（一人多岗，便于试用）", "/office/"),
    DemoAccount("shenpi", "驿城区各部门审批人（一人多岗，便于试用）", "/office/"),
    DemoAccount("baoguan", "驿城区各部门印章保管人（一人多岗，便于试用）", "/office/seals/"),
    DemoAccount("yinguan", "印章管理员", "/console/seals/"),
    DemoAccount("mulu", "目录管理员", "/console/"),
    DemoAccount("fuhe", "目录管理员（复核）", "/console/"),
    DemoAccount("ducha", "督查人员", "/console/"),
    DemoAccount("yunwei", "运维人员", "/console/"),
    DemoAccount("shuju", "市数据管理部门数据管理员", "/data/"),
    DemoAccount("shuguan", "各部门数据管理员（一人多岗，便于试用）", "/data/"),
    DemoAccount("anquan", "各部门政务数据安全管理员（一人多岗，便于试用）", "/data/"),
)


@transaction.atomic
def open_accounts(catalogue: Catalogue, cast: Cast) -> None:
    """Open the accounts, unless they are open already."""
    owners = {"jumin": cast.resident, "laike": cast.walk_in, "laoban": cast.owner, "jingban": cast.agent}
    try:
        identity.open_account(_MAKER, username="jumin", password=PASSWORD, owner=cast.resident)
    except Conflict:
        return  # all were opened together before
    officers = identity.load_officers(_MAKER, list(_officers(catalogue)))
    owners |= dict(zip((one.username for one in ACCOUNTS[len(owners) :]), officers, strict=True))
    for username, owner in owners.items():
        if username != "jumin":
            identity.open_account(_MAKER, username=username, password=PASSWORD, owner=owner)


def _officers(catalogue: Catalogue) -> Iterator[identity.NewOfficer]:
    """One officer per account, in the order of `ACCOUNTS`."""
    orgs = departments(catalogue)
    yield identity.NewOfficer("窗口小驿", BUREAU, (Post(Role.COUNTER, "", HOME),))
    market = "market-regulation"
    yield identity.NewOfficer("代表小城", market, (Post(Role.REPRESENTATIVE, market, HOME),))
    yield identity.NewOfficer("经办小天", BUREAU, tuple(Post(Role.HANDLER, org, HOME) for org in orgs))
    yield identity.NewOfficer("审批小中", BUREAU, tuple(Post(Role.APPROVER, org, HOME) for org in orgs))
    kept = [*((org, HOME) for org in UNITS), (BUREAU, CITY), (credit_lead(catalogue), CITY)]
    yield identity.NewOfficer("保管小章", BUREAU, tuple(Post(Role.CUSTODIAN, *where) for where in kept))
    yield identity.NewOfficer("印管小戳", BUREAU, (Post(Role.SEALS),))
    yield identity.NewOfficer("目录小驻", BUREAU, (Post(Role.CATALOGUE),))
    yield identity.NewOfficer("复核小马", BUREAU, (Post(Role.CATALOGUE),))
    yield identity.NewOfficer("督查小店", BUREAU, (Post(Role.AUDITOR),))
    yield identity.NewOfficer("运维小网", BUREAU, (Post(Role.OPERATOR),))
    units = sorted({*orgs, *(one.provider for one in resources(catalogue).values())})
    yield identity.NewOfficer("数据小汇", BUREAU, (Post(Role.DATA),))
    yield identity.NewOfficer("数管小通", BUREAU, tuple(Post(Role.DATA, org) for org in units))
    yield identity.NewOfficer("安全小盾", BUREAU, tuple(Post(Role.SECURITY, org) for org in units))


class Tokens:
    """API tokens for the officers of departments, each issued when it is first needed."""

    def __init__(self, run: str) -> None:
        self._run = run
        self._issued: dict[tuple[str, str, Role], str] = {}
        self._named: list[str] = []

    def of(self, org: str, place: str, role: Role) -> str:
        """A token of an officer who has this role in this department and place. Raises NotFound."""
        key = (org, place, role)
        if key not in self._issued:
            self._issued[key] = self._issue(*key)
        return self._issued[key]

    def _issue(self, org: str, place: str, role: Role) -> str:
        posted = [a for a in identity.officers_of(org, place, role) if len(a.posts) == 1]
        if not posted:
            raise NotFound(f"{org} 在 {place} 没有工作人员。", mend="请核对示例城市。")
        username = f"demo-{role.value}-{org}-{place}"[:60]
        with suppress(Conflict):  # opened by an earlier run
            identity.open_account(_MAKER, username=username, password=None, owner=posted[0].id)
        self._named.append(username)
        return identity.issue_token(_MAKER, username, self._run, 1)

    def revoke(self) -> None:
        """End every token of this run."""
        for username in self._named:
            identity.revoke_token(_MAKER, username, self._run)
        self._issued.clear()
        self._named.clear()


@contextmanager
def tokens(run: str) -> Iterator[Tokens]:
    """Tokens for one run, ended with it."""
    issued = Tokens(run)
    try:
        yield issued
    finally:
        issued.revoke()
