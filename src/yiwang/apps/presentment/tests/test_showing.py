# SPDX-License-Identifier: Apache-2.0
"""Showing a licence: a code counts once, for seconds, for whom it is meant, and for what was agreed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from yiwang.apps.identity.public import revoke_mandate
from yiwang.apps.journal.public import entries_of
from yiwang.apps.licences.public import Standing
from yiwang.apps.presentment import public as present
from yiwang.apps.presentment.models import ShowCode, Showing, Use
from yiwang.kernel.actor import ANONYMOUS
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

from .shop import NUMBER, Shop, card_between, shown, stand

pytestmark = pytest.mark.django_db


def entries(subject: str) -> list[dict[str, Any]]:
    """What the journal keeps of the uses of somebody's licences."""
    return entries_of(f"uses:{subject}")


def values(seen: present.Seen) -> dict[str, Any]:
    """Label → value of what is seen."""
    return {line.label: line.value for line in seen.lines}


def test_who_scans_sees_the_purpose_and_nothing_else(shop: Shop) -> None:
    _, token = shown(shop)
    used = present.scan(shop["other"], token)
    view = present.use(shop["other"], used)
    assert values(view.seen[0]) == {"持证人": "王*", "已满18周岁": "是"}
    assert NUMBER not in repr(view)
    assert "雪松路" not in repr(view)
    assert (view.seen[0].standing, view.seen[0].usable, view.by_scan) == ("有效", True, True)


def test_a_scan_is_on_record_with_purpose_and_basis(shop: Shop) -> None:
    _, token = shown(shop)
    present.scan(shop["representative of the firm"], token, on_behalf=shop.city.firm)
    entry = entries(shop["owner"].id)[-1]
    assert entry["action"] == "present.scan.look"
    assert (entry["actor"], entry["about"]) == (shop["representative of the firm"].id, shop.card)
    assert entry["purpose"] == "证明已满18周岁"
    assert "未成年人保护法" in entry["basis"]
    assert entry["detail"] == {"standing": "有效", "on_behalf": shop.city.firm}


def test_only_digests_of_codes_are_kept(shop: Shop) -> None:
    showing, token = shown(shop)
    kept = [*ShowCode.objects.values_list("digest", flat=True), *Showing.objects.values_list("public_id")]
    assert token not in repr(kept)
    assert len(token) == 43  # 256 bits in base 64
    assert showing != token


def test_a_used_code_is_refused_and_the_try_is_on_record(shop: Shop) -> None:
    _, token = shown(shop)
    present.scan(shop["other"], token)
    with pytest.raises(Conflict, match="已经用过"):
        present.scan(shop["agent"], token)
    assert Use.objects.count() == 1
    entry = entries(shop["owner"].id)[-1]
    assert (entry["action"], entry["detail"]["why"]) == ("present.refused", "used")
    assert entry["actor"] == shop["agent"].id


def test_a_code_counts_for_seconds(shop: Shop) -> None:
    showing, token = shown(shop)
    limit = shop.city.catalogue.settings["show-code-seconds"].value
    assert isinstance(limit, int)
    with time_machine.travel(timezone.now() + dt.timedelta(seconds=limit + 1), tick=False):
        assert present.offered(shop["other"], token).refused == "这个码过期了。"
        with pytest.raises(Conflict, match="过期"):
            present.scan(shop["other"], token)
        again = present.fresh_code(shop["owner"], showing)
        assert present.scan(shop["other"], again.token)


def test_a_fresh_code_ends_the_one_before(shop: Shop) -> None:
    showing, photographed = shown(shop)
    fresh = present.fresh_code(shop["owner"], showing)
    with pytest.raises(Conflict, match="换成新的"):
        present.scan(shop["other"], photographed)
    assert present.scan(shop["other"], fresh.token)


def test_looking_at_a_code_does_not_use_it_up(shop: Shop) -> None:
    _, token = shown(shop)
    for _ in range(3):
        assert present.offered(shop["other"], token).refused == ""
    assert present.scan(shop["other"], token)


def test_after_a_scan_there_are_no_more_codes(shop: Shop) -> None:
    showing, token = shown(shop)
    present.scan(shop["other"], token)
    with pytest.raises(Conflict, match="已经被扫过"):
        present.fresh_code(shop["owner"], showing)
    assert present.showing(shop["owner"], showing).used_by == "王*"


def test_the_holder_reads_in_whose_name_it_was_scanned(shop: Shop) -> None:
    showing, token = shown(shop)
    present.scan(shop["agent"], token, on_behalf=shop.city.firm)
    assert present.showing(shop["owner"], showing).used_by == "驻马店市测试餐饮有限公司（经办人 王*）"


def test_a_showing_ends(shop: Shop) -> None:
    showing, token = shown(shop)
    present.end_showing(shop["owner"], showing)
    with pytest.raises(Conflict, match="时间到了"):
        present.fresh_code(shop["owner"], showing)
    with pytest.raises(Conflict, match="换成新的"):
        present.scan(shop["other"], token)


@pytest.mark.parametrize(
    ("standing", "word"),
    [(Standing.REVOKED, "撤销"), (Standing.SUSPENDED, "暂停"), (Standing.REPLACED, "已换发")],
)
def test_a_licence_that_fell_between_showing_and_scanning_proves_nothing(
    shop: Shop, standing: Standing, word: str
) -> None:
    _, token = shown(shop)
    stand(shop.card, standing)
    view = present.use(shop["other"], present.scan(shop["other"], token))
    assert (view.seen[0].standing, view.seen[0].usable, view.seen[0].lines) == (word, False, ())
    assert entries(shop["owner"].id)[-1]["detail"]["standing"] == word


@pytest.mark.parametrize(("first", "last", "word"), [(-9, -1, "已过期"), (1, 9, "尚未生效"), (0, 0, "有效")])
def test_a_licence_out_of_its_dates_proves_nothing(shop: Shop, first: int, last: int, word: str) -> None:
    today, day = timezone.localdate(), dt.timedelta(days=1)
    shop = card_between(shop, today + first * day, today + last * day)
    _, token = shown(shop)
    seen = present.use(shop["other"], present.scan(shop["other"], token)).seen[0]
    assert (seen.standing, bool(seen.lines)) == (word, word == "有效")


def test_a_licence_that_falls_while_the_page_is_open_is_told_on_the_page(shop: Shop) -> None:
    _, token = shown(shop)
    used = present.scan(shop["other"], token)
    stand(shop.card, Standing.REVOKED)
    assert present.use(shop["other"], used).seen[0].lines == ()


def test_a_purpose_for_officers_is_for_these_officers(shop: Shop) -> None:
    showing = present.begin_showing(shop["agent"], shop.trade, "inspection")
    token = present.fresh_code(shop["agent"], showing).token
    for persona in ("other", "counter", "operator"):
        with pytest.raises(NotAllowed, match="不是给您"):
            present.scan(shop[persona], token)
        assert entries(shop.city.firm)[-1]["detail"]["why"] == "role"
    view = present.use(shop["handler"], present.scan(shop["handler"], token))
    labels = set(values(view.seen[0]))
    assert {"持证人", "证照编号", "住所（经营场所）", "经营范围"} <= labels
    assert "注册资本" not in labels


def test_nobody_scans_unnamed_or_for_a_firm_that_is_not_theirs(shop: Shop) -> None:
    _, token = shown(shop)
    with pytest.raises(NotAllowed, match="登录"):
        present.scan(ANONYMOUS, token)
    with pytest.raises(Invalid, match="不能代表"):
        present.scan(shop["former agent"], token, on_behalf=shop.city.firm)
    with pytest.raises(NotAllowed, match="自己出示"):
        present.scan(shop["owner"], token)
    assert present.scan(shop["other"], token)


def test_a_mandate_that_ended_between_showing_and_scanning(shop: Shop) -> None:
    showing = present.begin_showing(shop["agent"], shop.trade, "daily-life")
    token = present.fresh_code(shop["agent"], showing).token
    revoke_mandate(shop["representative of the firm"], shop.city.firm, shop["agent"].id)
    with pytest.raises(Conflict, match="不能代表持证的企业"):
        present.scan(shop["other"], token)


def test_what_is_not_theirs_cannot_be_shown_or_seen(shop: Shop) -> None:
    for persona in ("other", "former agent", "counter", "handler"):
        with pytest.raises(NotFound):
            present.begin_showing(shop[persona], shop.trade, "daily-life")
    showing, token = shown(shop)
    used = present.scan(shop["other"], token)
    for look in (present.showing, present.fresh_code, present.end_showing):
        with pytest.raises(NotFound):
            look(shop["other"], showing)
    with pytest.raises(NotFound):
        present.use(shop["agent"], used)
    with pytest.raises(NotFound):
        present.scan(shop["other"], "x" * 43)


def test_a_purpose_must_fit_the_licence(shop: Shop) -> None:
    for purpose in ("adult-proof", "counter-errand", "no-such"):
        with pytest.raises(Invalid):
            present.begin_showing(shop["agent"], shop.trade, purpose)


def test_the_page_of_a_use_closes(shop: Shop) -> None:
    _, token = shown(shop)
    used = present.scan(shop["other"], token)
    closes = present.use(shop["other"], used).page_until
    with time_machine.travel(closes, tick=False), pytest.raises(NotFound, match="查看时间已过"):
        present.use(shop["other"], used)


def test_old_codes_are_forgotten_and_uses_are_not(shop: Shop) -> None:
    _, token = shown(shop)
    present.scan(shop["other"], token)
    shown(shop)
    keep = shop.city.catalogue.settings["show-code-keep-days"].value
    assert isinstance(keep, int)
    assert present.forget_codes() == 0
    with time_machine.travel(timezone.now() + dt.timedelta(days=keep, minutes=2), tick=False):
        assert present.forget_codes() == 2
    assert (ShowCode.objects.count(), Use.objects.count(), Showing.objects.count()) == (0, 1, 2)


def test_holders_call_up_their_own_and_it_is_on_record(shop: Shop) -> None:
    assert present.call_up(shop["owner"], shop.card).fields["resident-id-number"] == NUMBER
    assert entries(shop["owner"].id)[-1]["action"] == "licence.own.look"
    assert present.call_up(shop["agent"], shop.trade).public_id == shop.trade
    assert entries(shop.city.firm)[-1]["actor"] == shop["agent"].id
    for persona in ("other", "former agent", "handler"):
        with pytest.raises(NotFound):
            present.call_up(shop[persona], shop.trade)
    stand(shop.card, Standing.REVOKED)
    assert present.call_up(shop["owner"], shop.card).word == "撤销"
