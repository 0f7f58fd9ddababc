# SPDX-License-Identifier: Apache-2.0
"""The demonstration, inside this process: every page and call that `yiwang demo` makes, over WSGI.

A resident opens a restaurant: plain-language search, plan, one form, documents, receipt; a
correction asked once and supplied; a joint visit; decisions by every department; results delivered
together. A clerk begins an errand for somebody who goes on at home. A buyer of a house agrees that
departments are asked, over their systems' twins, and sees each call. Somebody says at the counter that a
record is wrong, and it is put right; an officer's unusual looks are looked into. Coal sold and electricity
charged are settled and paid; a firm's request is answered; a policy is written, tried and published.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from support.city import definitions
from support.sharing import plugged
from yiwang.apps.casework.public import ApplicationView
from yiwang.apps.catalogue import public as catalogue
from yiwang.apps.data_security import public as security
from yiwang.apps.firms import public as firms
from yiwang.apps.gateway.public import forget_sources
from yiwang.apps.licences.public import held_by
from yiwang.apps.lookups.adapters.gateway import GatewayExchange
from yiwang.apps.notices.public import box
from yiwang.apps.quality import public as quality
from yiwang.apps.seals import public as seals
from yiwang.apps.seals.adapters.file_keeper import FileKeeper
from yiwang.conf.demo.accounts import open_accounts
from yiwang.conf.demo.browser import Site
from yiwang.conf.demo.city import Cast, size_of_city
from yiwang.conf.demo.grants import furnish_grants
from yiwang.conf.demo.passphrases import SEAL_PASSPHRASE
from yiwang.conf.demo.policy_desk import POLICY
from yiwang.conf.demo.report import Firms, Outcome, show_report
from yiwang.conf.demo.run import play
from yiwang.conf.demo.seals import furnish_seals
from yiwang.conf.demo.sharing import departments_running
from yiwang.conf.demo.stage import Stage
from yiwang.conf.demo.story import Story
from yiwang.conf.demo.trust import Trusted, trust_the_data
from yiwang.desks.portal import verify
from yiwang.desks.slowing import PerMinute
from yiwang.engines.exchange.unusual import Unusual
from yiwang.engines.sealing import sm2

pytestmark = pytest.mark.django_db


@pytest.fixture
def departments(cast: Cast, tmp_path: Path, settings: Any) -> Iterator[None]:
    """Grants for the departments, and the twins of their systems, asked in this thread."""
    settings.ENV = settings.ENV | {"SOURCES_DIR": str(tmp_path)}
    furnish_grants(definitions())
    with departments_running(definitions()), plugged(GatewayExchange()):
        yield
    forget_sources()


@pytest.fixture
def keys(tmp_path: Path, settings: Any) -> Iterator[None]:
    """A place of its own for the keys of its seals: another test makes the same sample seals."""
    seals.use_keepers(FileKeeper(tmp_path / "keys"))
    yield
    seals.use_keepers(FileKeeper(settings.DATA_DIR / "keys"))


@pytest.fixture
def outcome(
    cast: Cast, site: Site, departments: None, keys: None, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> Outcome:
    """The demonstration, played once."""
    monkeypatch.setattr(sm2, "PASSPHRASE_ROUNDS", 10)
    monkeypatch.setattr(verify, "_tries", PerMinute())  # other tests ask from the same address
    open_accounts(definitions(), cast)
    furnish_seals(definitions())
    settings.ENV = settings.ENV | {"SYSTEM_SEAL_PASSPHRASE": SEAL_PASSPHRASE}
    return play(site, definitions(), cast, Story(_quiet()))


def test_it_plays_from_the_search_to_the_results(outcome: Outcome, cast: Cast, site: Site) -> None:
    seen = outcome.seen
    assert seen.row.stage == "finished"
    assert {item.state for item in seen.items} == {"archived"}
    assert seen.delivered_at is not None
    _one_correction_supplied(seen)
    _one_visit_for_several(seen)
    _results_are_held(seen, cast)
    assert outcome.journal == []
    assert (outcome.sealed.licences, outcome.sealed.files) == (10, 3)
    assert outcome.counter_number not in ("", seen.row.number)
    assert "全部结果已送达" in {letter.title for letter in box([cast.resident])}
    assert len(outcome.shared.departments) >= 2
    assert outcome.shared.questions >= 1
    assert outcome.shared.documents >= 2
    _the_data_is_looked_after(outcome.trusted, Stage(site, definitions(), cast, Story(_quiet()), ExitStack()))
    _firms_had_what_is_theirs(outcome.firms)
    _the_report_tells(outcome)


def _firms_had_what_is_theirs(told: Firms) -> None:
    assert [money for _, _, money, _ in told.settled.paid] == ["￥140.00", "￥260.00"]
    assert all(receipt for *_, receipt in told.settled.paid)
    assert told.asked.row.state is firms.State.CLOSED
    assert [one.policy.id for one in catalogue.amendments()] == [POLICY]


def _one_correction_supplied(seen: ApplicationView) -> None:
    asked = [item for item in seen.items if item.corrections]
    assert [item.item for item in asked] == ["sole-trader-registration"]
    terms = [move.term for move in asked[0].moves]
    assert terms[:4] == ["提交申请", "一次性告知补正", "提交补正材料", "受理"]


def _one_visit_for_several(seen: ApplicationView) -> None:
    (visit,) = seen.visits
    assert visit.done_on is not None
    assert len(visit.departments) == 2


def _results_are_held(seen: ApplicationView, cast: Cast) -> None:
    issued = {one.public_id for item in seen.items for one in item.results}
    assert issued <= {one.public_id for one in held_by([cast.resident])}
    licence = next(one for one in held_by([cast.resident]) if one.material == "business-licence")
    food = next(one for one in held_by([cast.resident]) if one.material == "food-licence-certificate")
    assert food.fields["firm-uscc"] == licence.fields["firm-uscc"] == licence.number


def _the_data_is_looked_after(trusted: Trusted, stage: Stage) -> None:
    assert (trusted.objection.state, trusted.mended) == (quality.State.CLOSED, True)
    assert trusted.objection.clerk == "窗口小驿"
    assert float(trusted.score) > 90
    assert trusted.rows == size_of_city()["people"]
    assert (trusted.alert.state, trusted.alert.kind) == (security.AlertState.HARMLESS, Unusual.SAME_PERSON)
    assert trust_the_data(stage, "再来一次") == replace(trusted, pages=0)  # played once, told again


def _quiet() -> Console:
    return Console(file=io.StringIO())


def _the_report_tells(outcome: Outcome) -> None:
    console = Console(file=io.StringIO(), width=200)
    show_report(console, outcome, "http://127.0.0.1:1")
    assert isinstance(console.file, io.StringIO)
    text = console.file.getvalue()
    plan = outcome.seen.plan
    days = plan["working_days"]
    for words in (
        outcome.seen.row.number,
        f"省 {plan['documents']['saved']} 份",
        f"串联 {days['serial']} 个工作日",
        "jumin",
        outcome.shared.departments[0],
        outcome.trusted.objection.number,
        outcome.trusted.alert.sentence,
        outcome.firms.settled.paid[0][3],
        outcome.firms.asked.row.number,
        "cunwei",
    ):
        assert words in text
