# SPDX-License-Identifier: Apache-2.0
"""A sample can be drawn again; what is used and complained of is drawn more; what is late is listed."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

import pytest
from django.utils import timezone

from support.city import publish
from yiwang.apps.journal.public import entries_of
from yiwang.apps.licences.commands.issuing import NewLicence, load_stock
from yiwang.apps.licences.domain.sampling import Weights, draw
from yiwang.apps.licences.domain.sampling_states import FindingState
from yiwang.apps.licences.models import SampledLicence
from yiwang.apps.licences.sampling import (
    Wanted,
    close_finding,
    complain,
    draw_sample,
    note_finding,
    say_mended,
)
from yiwang.apps.licences.sampling_views import (
    late_orders,
    orders_of,
    redraw,
    sampling_view,
    samplings,
)
from yiwang.apps.licences.tests.stock_support import BUREAU, KEEPER, ORG, STRANGER
from yiwang.kernel.actor import Actor, ActorKind, system
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

MANY = [(f"l_{n:04d}", 1) for n in range(2_000)]


def test_the_same_seed_draws_the_same_in_whatever_order_they_are_read() -> None:
    first = draw("种子", MANY, size=20)
    assert draw("种子", reversed(MANY), size=20) == first
    assert draw("另一个", MANY, size=20) != first
    assert len({one.id for one in first}) == 20


def test_what_weighs_more_is_drawn_more_often() -> None:
    heavy = [(one, 50 if one < "l_0100" else 1) for one, _ in MANY]
    drawn = Counter(one.id < "l_0100" for n in range(40) for one in draw(str(n), heavy, size=50))
    assert drawn[True] / drawn.total() > 0.6  # 5 % of the licences carry 72 % of the weight


@pytest.mark.parametrize(("seed", "size", "weight"), [("", 1, 1), ("a", 0, 1), ("a", 1, 0)])
def test_a_draw_without_seed_size_or_weight_is_refused(seed: str, size: int, weight: int) -> None:
    with pytest.raises(Invalid):
        draw(seed, [("l", weight)], size=size)


def test_more_than_there_are_draws_all() -> None:
    assert len(draw("a", MANY[:3], size=10)) == 3
    assert Weights(use=1, complaint=20).of(3, 2) == 44


@pytest.fixture
def ids(settings: object, tmp_path: Path, db: None) -> list[str]:
    settings.DATA_DIR = tmp_path  # type: ignore[attr-defined]
    publish()
    since = dt.date(2024, 1, 1)
    made = [NewLicence("retirement-certificate", f"证{n}", "p_wang", ORG, since) for n in range(30)]
    return load_stock(system("测试"), made)


def no_uses() -> dict[str, int]:
    return {}


def drawn(size: int = 5) -> str:
    return draw_sample(BUREAU, Wanted("第三季度抽查", size), uses=no_uses)


def test_a_drawing_is_kept_with_its_seed_and_can_be_drawn_again(ids: list[str], tmp_path: Path) -> None:
    complain(KEEPER, ids[7], "地址印错了")
    public_id = draw_sample(BUREAU, Wanted("抽查", 5, ORG), uses=lambda: {ids[3]: 1_000})
    view, rows = sampling_view(BUREAU, public_id)
    assert (view.population, len(rows), view.states[FindingState.TO_CHECK]) == (30, 5, 5)
    assert {row.licence: row.weight for row in rows}[ids[3]] == 1_001
    assert redraw(BUREAU, public_id)
    assert entries_of(f"sampling:{public_id}")[0]["detail"]["seed"] == view.seed
    row = SampledLicence.objects.order_by("position")[1]
    SampledLicence.objects.filter(pk=row.pk).update(weight=row.weight + 1)
    assert not redraw(BUREAU, public_id)
    for path in (tmp_path / "samples").rglob("?" * 64):
        path.write_bytes(b"altered")
    with pytest.raises(NotFound, match="名单"):
        redraw(BUREAU, public_id)


def test_a_fault_is_ordered_mended_and_closed(ids: list[str]) -> None:
    _, rows = sampling_view(BUREAU, drawn())
    note_finding(BUREAU, rows[0].id, fault="")
    note_finding(BUREAU, rows[1].id, fault="姓名有错字")
    (order,) = orders_of(KEEPER)
    assert (order.state, order.finding) == (FindingState.ORDERED, "姓名有错字")
    assert order.due_on is not None
    assert order.due_on > timezone.localdate()
    assert orders_of(STRANGER) == []
    with pytest.raises(NotFound):
        say_mended(STRANGER, order.id, words="改了")
    say_mended(KEEPER, order.id, words="已更正")
    close_finding(BUREAU, order.id, accept=False, words="照片也不对")
    say_mended(KEEPER, order.id, words="都更正了")
    close_finding(BUREAU, order.id, accept=True)
    (view,) = samplings(BUREAU)
    assert (view.states[FindingState.CLOSED], view.states[FindingState.FINE]) == (1, 1)
    with pytest.raises(Conflict):
        say_mended(KEEPER, order.id, words="再改")


def test_what_is_not_mended_in_time_is_late(ids: list[str]) -> None:
    _, rows = sampling_view(BUREAU, drawn())
    note_finding(BUREAU, rows[0].id, fault="姓名有错字")
    assert late_orders(BUREAU) == []
    SampledLicence.objects.filter(pk=rows[0].id).update(due_on=timezone.localdate() - dt.timedelta(days=1))
    assert [one.id for one in late_orders(BUREAU)] == [rows[0].id]
    assert orders_of(KEEPER)[0].is_late


def test_who_may_draw_and_who_may_complain(ids: list[str]) -> None:
    with pytest.raises(NotAllowed):
        draw_sample(KEEPER, Wanted("抽查", 5), uses=no_uses)
    with pytest.raises(NotAllowed):
        samplings(KEEPER)
    with pytest.raises(Invalid):
        draw_sample(BUREAU, Wanted(" ", 5), uses=no_uses)
    with pytest.raises(Conflict):
        draw_sample(BUREAU, Wanted("抽查", 5, "health"), uses=no_uses)
    with pytest.raises(NotFound):
        complain(Actor(ActorKind.PERSON, "p_other", "别人"), ids[0], "错了")
    complain(Actor(ActorKind.PERSON, "p_wang", "王芳"), ids[0], "错了")
    with pytest.raises(Invalid):
        complain(KEEPER, ids[0], " ")
