# SPDX-License-Identifier: Apache-2.0
"""Licences that flow back from national and provincial systems (回流; 豫数政办〔2023〕3号 L240, L1554–1560).

Each record is taken by itself: it is read and judged like a row of a sheet; a file that carries a seal
must verify, or the record is not taken; a record that is known brings its standing up to date. The
same package twice is one package; the same licence twice is one licence.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import OpenRelease, current
from yiwang.apps.journal.public import record
from yiwang.apps.seals.public import trust
from yiwang.engines import papers
from yiwang.kernel.actor import Actor, ActorKind, Role, system
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed
from yiwang.kernel.ids import new_public_id

from .commands.issuing import NewLicence, load_stock
from .commands.standing import change_standing
from .domain.flow_back import Package, Returned, carries_seal, printed
from .domain.states import Standing
from .domain.stock_rows import COLUMNS, StockRow, TypeSpec, read_row
from .kept import RECEIVED
from .models import FlowBack, FlowBackProblem, FlowedBack, Licence, ReceivedFile
from .stock import types_of
from .stock_holders import find_holders


@dataclass(frozen=True)
class FlowBackView:
    """What became of a package."""

    public_id: str
    source: str
    taken: int
    known: int
    wrong: int
    given_at: dt.datetime
    problems: tuple[tuple[int, str, str], ...]


@dataclass(frozen=True)
class _File:
    """A file that came with a record, and what its seal says."""

    form: str
    content: bytes
    sealed: bool
    words: str


def take_package(actor: Actor, content: bytes, *, source: str) -> FlowBackView:
    """Take a package in. The same bytes again give the same answer and change nothing.

    Args:
        source: which system it came from, in words.

    Raises NotAllowed: neither the data bureau nor the system. Invalid: no package.
    """
    bureau = any(post.role is Role.DATA and not post.org for post in actor.posts)
    if actor.kind is not ActorKind.SYSTEM and not bureau:
        raise NotAllowed("回流数据由数据管理部门接收。", mend="请联系数据管理员。")
    if not source.strip():
        raise Invalid("请写明是哪个系统回流的。", mend="例如“国家政务服务平台”。", field="source")
    digest = hashlib.sha256(content).hexdigest()
    if earlier := FlowBack.objects.filter(digest=digest).first():
        return _view(earlier)
    package, opened = Package(content), current()
    records = package.records()
    row = FlowBack(
        public_id=new_public_id("b"),
        source=source.strip()[:80],
        digest=digest,
        given_by=actor.id,
        given_at=timezone.now(),
    )
    try:
        _take_all(actor, row, _Run(opened, package, row), records)
    except IntegrityError:  # somebody hands the same package in at this moment
        return _view(FlowBack.objects.get(digest=digest))
    return _view(row)


@transaction.atomic
def _take_all(actor: Actor, row: FlowBack, run: _Run, records: Sequence[Returned]) -> None:
    row.save(force_insert=True)
    for one in records:
        run.take(one)
    row.save()
    detail = {"taken": row.taken, "known": row.known, "wrong": row.wrong, "sha256": row.digest}
    record(actor, "licence.flowed.back", stream="licence-sync", about=row.public_id, detail=detail)


class _Run:
    """One package, in the open transaction; each record in a savepoint of its own."""

    def __init__(self, opened: OpenRelease, package: Package, row: FlowBack) -> None:
        self.opened, self.package, self.row = opened, package, row
        self.today = timezone.localdate()
        self.actor = system(f"证照回流（{row.source}）"[:60])
        self.orgs = {
            name: one.id for one in opened.catalogue.orgs.values() for name in (one.name, *one.aliases)
        }
        self.types: dict[str, dict[str, TypeSpec]] = {}

    def take(self, one: Returned) -> None:
        """Take one record, or note why not."""
        try:
            with transaction.atomic():
                self._take(one)
        except (Invalid, Conflict) as error:
            self.row.wrong += 1
            FlowBackProblem.objects.create(
                package=self.row, record=one.place, what=error.message[:300], mend=error.mend[:300]
            )

    def _take(self, one: Returned) -> None:
        org = self.orgs.get(one.issuer)
        if org is None:
            raise Invalid(f"不认识发证机关“{one.issuer[:40]}”。", mend="请在单位目录中补上它的名称或别名。")
        read = self._read(one, org)
        file = self._file(one)
        known = Licence.objects.filter(material=read.material, number=read.number).first()
        holders, wrong = find_holders([read], create=known is None)
        if wrong:
            raise Invalid(f"{wrong[0].column}：{wrong[0].what}。", mend=wrong[0].mend)
        holder = holders[read.row]
        if known is not None:
            self._bring_up_to_date(known, read, holder)
        else:
            known = self._enter(read, holder, org)
        if file is not None:
            self._keep(known, file)

    def _read(self, one: Returned, org: str) -> StockRow:
        types = self.types.setdefault(org, types_of(self.opened.catalogue, org, self.today))
        cells = printed(one.cells, COLUMNS)
        found = read_row(one.place, list(cells), list(cells.values()), types=types, today=self.today)
        if isinstance(found, list):
            told = "；".join(f"{problem.column}：{problem.what}" for problem in found)
            raise Invalid(f"{told}。", mend=found[0].mend)
        return found

    def _file(self, one: Returned) -> _File | None:
        """The record's file; refused when its seal does not verify. Raises Invalid."""
        if not one.file:
            return None
        content = self.package.file(one.file)
        if content is None:
            raise Invalid("数据包里没有这条记录所说的文件。", mend="请对方重新导出。")
        form = papers.form_of(content)
        if not form:
            raise Invalid("证照文件不是 PDF、OFD 或 JSON。", mend="请对方重新导出。")
        if not carries_seal(form, content):
            return _File(form, content, False, "文件没有电子印章")
        report = papers.check_file(content, trust(), at=timezone.now())
        if not report.ok:
            failed = report.failed
            why = f"第{failed.number}步“{failed.name}”没有通过：{failed.why}" if failed else "没有通过"
            raise Invalid(f"证照文件的电子印章核验{why}", mend="请向发出的系统核实，不要使用这个文件。")
        return _File(form, content, True, "电子印章核验通过")

    def _bring_up_to_date(self, known: Licence, read: StockRow, holder: str) -> None:
        if known.holder != holder:
            raise Conflict("这个编号的证照已在库中，持证主体不是这一个。", mend="请和发证机关核对。")
        if known.standing != read.standing.value:
            change_standing(self.actor, known.public_id, read.standing, reason="按回流数据更新状态")
        self.row.known += 1

    def _enter(self, read: StockRow, holder: str, org: str) -> Licence:
        new = NewLicence(
            material=read.material,
            number=read.number,
            holder=holder,
            issuer=org,
            valid_from=read.valid_from,
            valid_until=read.valid_until,
            fields=read.fields,
        )
        (public_id,) = load_stock(self.actor, [new], reason="按回流数据登记")
        licence = Licence.objects.get(public_id=public_id)
        FlowedBack.objects.create(licence=licence, package=self.row)
        if read.standing is not Standing.VALID:
            change_standing(self.actor, public_id, read.standing, reason="按回流数据登记状态")
        self.row.taken += 1
        return licence

    def _keep(self, licence: Licence, file: _File) -> None:
        sha256 = RECEIVED.add(file.content)
        values = {
            "form": file.form,
            "size": len(file.content),
            "sealed": file.sealed,
            "words": file.words,
            "received_at": timezone.now(),
        }
        ReceivedFile.objects.get_or_create(licence=licence, sha256=sha256, defaults=values)


def packages(actor: Actor, *, limit: int = 50) -> list[FlowBackView]:
    """The packages that came, the newest first. Raises NotAllowed for others than bureau and auditors."""
    if not (
        actor.has(Role.AUDITOR, Role.OPERATOR) or any(p.role is Role.DATA and not p.org for p in actor.posts)
    ):
        raise NotAllowed("回流数据由数据管理部门查看。", mend="请联系数据管理员。")
    return [_view(row) for row in FlowBack.objects.order_by("-id")[:limit]]


def received_files(licence: str) -> list[Mapping[str, object]]:
    """The files that came with a licence from outside, the newest first."""
    rows = ReceivedFile.objects.filter(licence__public_id=licence).order_by("-id")
    return [
        {"form": row.form, "sha256": row.sha256, "sealed": row.sealed, "words": row.words} for row in rows
    ]


def _view(row: FlowBack) -> FlowBackView:
    problems = row.problems.order_by("record", "id").values_list("record", "what", "mend")
    return FlowBackView(
        row.public_id, row.source, row.taken, row.known, row.wrong, row.given_at, tuple(problems)
    )
