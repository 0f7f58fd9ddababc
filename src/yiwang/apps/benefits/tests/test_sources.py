# SPDX-License-Identifier: Apache-2.0
"""Matching on registration and on shared data: one frame with the origin of each fact, under a grant for this
purpose and no longer than that."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from support.city import definitions
from yiwang.apps.benefits import public as benefits
from yiwang.apps.benefits.commands import extracts as taking
from yiwang.apps.benefits.models import Claim, Extract, ExtractRow
from yiwang.apps.benefits.population import PROVENANCE, Everybody, everybody, rosters_of, table_of
from yiwang.apps.benefits.tests.conftest import Town, made
from yiwang.apps.catalogue.public import current, draft_release, publish_release, review_release
from yiwang.apps.exchange import public as exchange
from yiwang.apps.gateway import public as gateway
from yiwang.apps.gateway.public import BatchState, BatchView, Form
from yiwang.apps.identity import public as identity
from yiwang.engines.benefits import Policy
from yiwang.engines.definitions import Catalogue
from yiwang.engines.definitions.release import digest_of
from yiwang.kernel.actor import Actor, ActorKind, Post, Role, system
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed
from yiwang.kernel.ids import make_uscc

DAY = dt.date(2026, 5, 20)
NOW = dt.datetime(2026, 5, 20, 2, tzinfo=dt.UTC)
LEGAL, SIZE = "是否本地注册独立法人", "企业规模"
CITE = {"doc": "setting", "at": "本市自行设定", "quote": "测试"}
POLICY = Policy.model_validate(
    {
        **{"id": "small-legal-person", "name": "小型独立法人奖励", "to": "firm", "views": ["惠企"]},
        **{"field": "测试", "support": "资金奖补", "departments": ["financial-work"], "brings": "一万元"},
        **{"when": f'{LEGAL} and {SIZE} = "小型"', "money": {"rule": "10000"}, "cite": CITE},
        "automatic": {"roster": "登记和划型", "cite": CITE},
        "examples": [{"says": "是", "facts": {LEGAL: True, SIZE: "小型"}, "gives": 10000}],
    }
)
OFFICER = Actor(ActorKind.OFFICER, "of-9", "数据员", (Post(Role.DATA, "financial-work"),))


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """The small release of this room with the policy above, sources of facts, and the resource of one."""
    known, small = definitions(), made()
    kinds: dict[str, Any] = {name: dict(rows) for name, rows in small.others.items()}
    kinds |= {name: getattr(small, name) for name in ("sources", "settings", "orgs", "elements", "places")}
    kinds["policies"] = {POLICY.id: POLICY}
    kinds["fact_sources"] = known.others["fact_sources"]
    kinds["exchange"] = {"sme-size": known.others["exchange"]["sme-size"]}
    return Catalogue.of(kinds, digest=digest_of(kinds))


@dataclass
class Grant:
    """A grant that can be taken back."""

    batch: bool = True
    over: bool = False

    def usable(self, at: dt.datetime) -> bool:
        """Until it is over."""
        return not self.over


@dataclass
class Exchange:
    """A delivery of the exchange, and the grant it was made under."""

    view: BatchView
    grant: Grant
    rows: list[dict[str, Any]]

    def file(self) -> bytes:
        """The delivery as a file."""
        out = io.BytesIO()
        parquet.write_table(pa.Table.from_pylist(self.rows), out)
        return out.getvalue()


@pytest.fixture
def shared(town: Town, monkeypatch: pytest.MonkeyPatch) -> Exchange:
    """A small firm, a large one, one that is not registered here, one whose line is objected to."""
    digest = draft_release(system("测试准备"), catalogue(), summary="测试")
    review_release(system("测试复核"), digest, approve=True)
    publish_release(system("测试准备"), digest)
    codes = [*town.codes[:2], make_uscc("411702", 99), town.codes[2]]
    says = ["小型", "大型", "小型", "小型"]
    rows = [
        {
            "统一社会信用代码": code,
            "企业规模": size,
            "划型年度": 2025,
            "数据异议": "企业规模有异议" if n == 3 else "",
        }
        for n, (code, size) in enumerate(zip(codes, says, strict=True))
    ]
    now = dt.datetime(2026, 5, 19, tzinfo=dt.UTC)
    view = BatchView(
        id="batch_1", grant="g1", resource="sme-size", org="financial-work",
        fields=("firm-uscc", "size", "year"), plain=frozenset(), form=Form.PARQUET,
        purpose="惠企政策免申即享比对", basis="测试", watermark="", state=BatchState.READY, why="",
        rows=4, doubts={}, marks={}, digest="", asked_name="", asked_at=now, ready_at=now, expires_at=now,
        parts=(),
    )  # fmt: skip
    found = Exchange(view, Grant(), rows)
    monkeypatch.setattr(exchange, "grant", lambda _id: found.grant)
    monkeypatch.setattr(gateway, "batch_view", lambda _actor, _id: found.view)
    monkeypatch.setattr(taking, "_lines", lambda _actor, _view: iter(pa_rows(found.file())))
    return found


def pa_rows(data: bytes) -> list[dict[str, Any]]:
    """The lines of a file."""
    rows: list[dict[str, Any]] = parquet.read_table(io.BytesIO(data)).to_pylist()
    return rows


def test_registration_and_shared_data_make_one_frame_and_find_who_is_owed(
    town: Town, shared: Exchange
) -> None:
    assert benefits.match_if_changed(DAY) == 0, "the registration alone decides nothing here"
    benefits.take_extract(OFFICER, "batch_1", "firm-size-by-industry")
    row = Extract.objects.get()
    assert (row.rows.count(), row.unknown, row.unreadable) == (2, 1, 1)
    assert benefits.match_if_changed(DAY) == 1, "a new extract is matched at once"
    (claim,) = Claim.objects.all()
    assert claim.subject == town.firms[0]
    assert claim.because == {LEGAL: True, SIZE: "小型"}
    found = everybody(current().catalogue, rosters_of(DAY), names=[LEGAL, SIZE])
    table, _ = table_of(current().catalogue, [POLICY], found)
    told = {name: table.schema.field(name).metadata[PROVENANCE].decode() for name in (LEGAL, SIZE)}
    assert "市场主体登记" in told[LEGAL]
    assert "中小企业划型信息" in told[SIZE]
    assert found.origin(town.firms[0], SIZE)[1] == dt.date(2026, 5, 19)


def test_a_new_firm_is_found_the_next_day_without_anybody_doing_anything(
    town: Town, shared: Exchange
) -> None:
    benefits.take_extract(OFFICER, "batch_1", "firm-size-by-industry")
    assert benefits.match_if_changed(DAY) == 1
    assert benefits.match_if_changed(DAY) == 0
    ExtractRow.objects.filter(subject=town.firms[1]).update(facts={SIZE: "小型"})
    assert benefits.match_if_changed(DAY + dt.timedelta(days=1)) == 1


def test_without_the_grant_the_facts_are_gone(town: Town, shared: Exchange) -> None:
    benefits.take_extract(OFFICER, "batch_1", "firm-size-by-industry")
    assert benefits.match_if_changed(DAY) == 1
    shared.grant.over = True
    assert benefits.match_if_changed(DAY) == 0
    assert not ExtractRow.objects.exists()
    assert Extract.objects.get().removed_at is not None
    (claim,) = benefits.claims_of(town.bosses[0])
    assert claim.state is benefits.State.LAPSED, "nobody has confirmed it, and it is not known any more"


def test_a_delivery_for_another_purpose_or_in_another_form_is_not_taken(town: Town, shared: Exchange) -> None:
    shared.view = replace(shared.view, purpose="统计分析")
    with pytest.raises(NotAllowed, match="免申即享"):
        benefits.take_extract(OFFICER, "batch_1", "firm-size-by-industry")
    shared.view = replace(shared.view, purpose="免申即享", form=Form.CSV)
    with pytest.raises(Invalid, match="Parquet"):
        benefits.take_extract(OFFICER, "batch_1", "firm-size-by-industry")
    shared.view = replace(shared.view, form=Form.PARQUET, fields=("size",))
    with pytest.raises(Invalid, match="编号"):
        benefits.take_extract(OFFICER, "batch_1", "firm-size-by-industry")
    shared.view = replace(shared.view, fields=("firm-uscc", "size"))
    benefits.take_extract(OFFICER, "batch_1", "firm-size-by-industry")
    with pytest.raises(Conflict):
        benefits.take_extract(OFFICER, "batch_1", "firm-size-by-industry")


def test_under_a_grant_facts_are_fetched_in_the_rhythm_of_the_resource(
    town: Town, shared: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = SimpleNamespace(
        id="g1", resource="sme-size", batch=True, usable=lambda _at: True, purpose="免申即享比对",
        fields=("firm-uscc", "size", "year"), plain=frozenset({"firm-uscc"}),
    )  # fmt: skip
    asked: list[gateway.NewBatch] = []
    made: list[BatchView] = []
    monkeypatch.setattr(exchange, "grants_of", lambda org: [held] if org == "financial-work" else [])
    monkeypatch.setattr(gateway, "batches", lambda _actor: list(made))
    monkeypatch.setattr(gateway, "ask_batch", lambda actor, new: asked.append(new))
    assert benefits.fetch_due(NOW) == 1
    (new,) = asked
    assert (new.grant, set(new.fields or ())) == ("g1", {"firm-uscc", "size"}), "no more than it needs"
    made.append(replace(shared.view, asked_at=NOW, state=BatchState.RUNNING, ready_at=None))
    assert benefits.fetch_due(NOW) == 0, "it is being made"
    made[0] = replace(shared.view, asked_at=NOW, ready_at=NOW)
    assert benefits.fetch_due(NOW) == 1
    row = Extract.objects.get()
    assert row.taken_by == "system:免申即享比对"
    assert benefits.fetch_due(NOW + dt.timedelta(days=2)) == 0, "fresh for its cycle"
    assert benefits.fetch_due(NOW + dt.timedelta(days=800)) == 1, "due again"
    held.purpose = "统计分析"
    assert benefits.fetch_due(NOW + dt.timedelta(days=900)) == 0
    assert len(asked) == 2


def test_whom_it_concerns_is_told_what_is_known_and_from_where(town: Town, shared: Exchange) -> None:
    benefits.take_extract(OFFICER, "batch_1", "firm-size-by-industry")
    told = benefits.known_facts(
        town.bosses[0], town.firms[0], names={LEGAL, SIZE}, purpose="算政策", basis="本人查询"
    )
    assert told[SIZE].value == "小型"
    assert "数据共享" in told[SIZE].source
    assert told[LEGAL].source == "市场主体登记"
    with pytest.raises(NotAllowed):
        benefits.known_facts(town.bosses[1], town.firms[0], names={LEGAL}, purpose="看", basis="无")


@pytest.mark.parametrize("wrong", [10**16, Decimal("1e16"), Decimal("0.001")])
def test_a_number_that_cannot_be_is_not_known_and_holds_up_nobody(wrong: Any) -> None:
    catalogue = definitions()
    policy: Any = catalogue.others["policies"]["first-set-premium-province"]
    facts = {"甲": {"首台套保险费": wrong}, "乙": {"首台套保险费": 120_000}}
    table, _ = table_of(catalogue, [policy], Everybody(facts, {}))
    assert table["首台套保险费"].to_pylist() == [Decimal(120_000), None]


def test_a_sole_trader_is_no_legal_person(town: Town, shared: Exchange) -> None:
    person = town.bosses[2].id
    firm = identity.register_firm(
        system("测试准备"), name="张三面馆", uscc=make_uscc("411702", 55), kind="个体工商户",
        representative=person, founded=dt.date(2020, 1, 1), address="驿城区",
    )  # fmt: skip
    found = everybody(current().catalogue, [], names=[LEGAL], only=firm)
    assert found.facts[firm][LEGAL] is False
