# SPDX-License-Identifier: Apache-2.0
"""The short report at the end: what it came to, and how to try it by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from yiwang.apps.casework.public import ApplicationView

from .accounts import ACCOUNTS, PASSWORD
from .firm_asks import WINDOW, Asked
from .keeping_credit import Kept
from .keeping_promises import Promised
from .policy_desk import Published
from .sealing import Sealed
from .settling import Settled
from .sharing import BUYER, Shared
from .trust import Trusted
from .village import ACCOUNTS as OF_SETTLEMENTS


@dataclass(frozen=True)
class Firms:
    """What firms had of it: money settled by the month, a request answered, a policy published."""

    settled: Settled
    asked: Asked
    published: Published


@dataclass(frozen=True)
class Outcome:
    """What the demonstration came to."""

    seen: ApplicationView
    city: Mapping[str, int]
    journal: Sequence[Any]
    sealed: Sealed
    shared: Shared
    trusted: Trusted
    firms: Firms
    credit: Kept
    promised: Promised
    counter_number: str
    seconds: float
    pages: int


def show_report(console: Console, outcome: Outcome, address: str) -> None:
    """Print the report."""
    console.print()
    console.print(_table("示例城市", _city(outcome)))
    console.print(_table("一件事", _errand(outcome)))
    console.print(_accounts(address))


def _table(title: str, rows: Sequence[tuple[str, str]]) -> Table:
    table = Table(title=title, title_justify="left", show_header=False, box=None, pad_edge=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, words in rows:
        table.add_row(name, words)
    return table


def _city(outcome: Outcome) -> list[tuple[str, str]]:
    city = outcome.city
    return [("虚构的", f"{city['people']} 人、{city['firms']} 家市场主体、{city['licences']} 件存量证照")]


def _errand(outcome: Outcome) -> list[tuple[str, str]]:
    seen, plan = outcome.seen, outcome.seen.plan
    questions, documents, visits = plan["form"]["questions"], plan["documents"], plan["visit_count"]
    results = sum(len(item.results) for item in seen.items)
    days = plan["working_days"]
    problems = len(outcome.journal)
    return [
        ("办件", f"{seen.row.number}  {seen.row.name}  {seen.row.stage_term}"),
        ("事项", f"{len(seen.items)} 项，{len({i.department for i in seen.items})} 个部门"),
        ("填写", _saved("要填", "处", questions)),
        ("材料", _saved("要交", "份", documents)),
        ("踏勘", f"分开办上门 {visits['wanted']} 次，联合踏勘 {len(seen.visits)} 次"),
        ("时限", f"串联 {days['serial']} 个工作日，并联 {days['planned']} 个工作日"),
        ("到期", f"{plan['due_date']} 前全部办完"),
        ("结果", f"{results} 件证照和结果，一次送达"),
        ("电子证照", _sealed(outcome.sealed)),
        ("窗口", f"窗口开始、网上接着办：{outcome.counter_number}"),
        ("共享数据", _shared(outcome.shared)),
        ("数据质量", _judged(outcome.trusted)),
        ("数据异议", _objected(outcome.trusted)),
        ("访问告警", f"{outcome.trusted.alert.sentence}安全管理员核查：{outcome.trusted.alert.state.term}"),
        ("按月结算", _settled(outcome.firms.settled)),
        ("企业诉求", _asked(outcome.firms.asked)),
        (
            "公共信用",
            f"{outcome.credit.returned}；{len(outcome.credit.measures)}项措施已反馈；{outcome.credit.grade}",
        ),
        ("信用报告", outcome.credit.report),
        ("征求意见", outcome.credit.asked),
        ("告知承诺", f"{outcome.promised.compared}；从告知到修复 {outcome.promised.links} 个环节"),
        ("容缺", outcome.promised.supplied),
        ("政策", f"{outcome.firms.published.found}：页面上起草、测试，两人复核后发布"),
        ("日志", "核对无误" if not problems else f"有 {problems} 处问题：{outcome.journal[0]}"),
        ("用时", f"{outcome.seconds:.1f} 秒，打开 {outcome.pages} 个页面"),
    ]


def _sealed(sealed: Sealed) -> str:
    checked = f"陌生人核验其中一件的 {sealed.files} 份文件，每份最多 {sealed.steps} 步，全部通过"
    return f"{sealed.licences} 件已签章；{checked}"


def _shared(shared: Shared) -> str:
    asked = "、".join(shared.departments)
    saved = f"少填 {shared.questions} 处，少交 {shared.documents} 份"
    return f"买二手房的人（登录名 {BUYER}）同意后查了 {shared.looks} 次，{saved}；数据来自{asked}"


def _judged(trusted: Trusted) -> str:
    return f"{trusted.resource} {trusted.rows} 条，得分 {trusted.score}"


def _objected(trusted: Trusted) -> str:
    row = trusted.objection
    source = "，来源已改" if trusted.mended else ""
    return f"{row.number}  {row.field_name}：{row.state.term}{source}；期限 {row.due_on:%Y-%m-%d}"


def _settled(settled: Settled) -> str:
    paid = [
        f"{policy}{month} {money}（财政回执 {receipt}）" for policy, month, money, receipt in settled.paid
    ]
    return "；".join(paid)


def _asked(asked: Asked) -> str:
    return f"{asked.row.number}  {asked.row.title}：{asked.row.org}答复，{asked.row.state.term}"


def _saved(verb: str, unit: str, counted: Mapping[str, int]) -> str:
    wanted, given, saved = counted["wanted"], counted["given"], counted["saved"]
    return f"分开办{verb} {wanted} {unit}，一起办{verb} {given} {unit}，省 {saved} {unit}"


def _accounts(address: str) -> Table:
    table = Table(
        title=f"试一试：{address}  密码都是 {PASSWORD}", title_justify="left", box=None, pad_edge=False
    )
    table.add_column("登录名", style="bold")
    table.add_column("是谁", style="dim", overflow="fold")
    table.add_column("从哪里开始", overflow="fold")
    for account in (*ACCOUNTS, WINDOW, *OF_SETTLEMENTS):
        table.add_row(account.username, account.who, account.start)
    return table
