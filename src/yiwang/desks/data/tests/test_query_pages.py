# SPDX-License-Identifier: Apache-2.0
"""The pages of looking something up, of receipts, and of client systems."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from support import gateway as world
from support.city import City
from yiwang.apps.gateway import public as gateway
from yiwang.apps.journal.public import entries_of
from yiwang.apps.quality import public as quality
from yiwang.engines.sealing import generate

At = Callable[[str], Client]
HANDLER, DEPARTMENT, BUREAU = "handler", "data of a department", "data"


@pytest.fixture
def grant(city: City) -> str:
    """A grant of the handler's department, over a source in memory."""
    world.publish(beside=("items", "materials"))  # lists of commitments are not changed without review
    world.connect(world.Memory({world.number(n): world.row_of(n) for n in range(1, 5)}))
    return world.grant()


def text(answer: Any) -> str:
    return str(answer.content.decode())


def look(at: At, grant: str, persona: str = HANDLER, **typed: str) -> Any:
    return at(persona).post(f"/data/query/{grant}", {"key-number": world.number(1), "case": "驻审1"} | typed)


def test_an_officer_looks_up_one_subject_by_name_and_case(city: City, at: At, grant: str) -> None:
    assert "资源house" in text(at(HANDLER).get("/data/query/"))
    page = text(at(HANDLER).get(f"/data/query/{grant}"))
    assert world.PURPOSE in page
    answer = look(at, grant)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert "王第1" in text(answer)
    assert "驻马店市驿城区****" in text(answer)
    (call,) = gateway.calls_by(city[HANDLER].id, [world.ASKER])
    assert (call.case, call.caller_name) == ("驻审1", city[HANDLER].name)
    assert "没有查到" in text(look(at, grant, **{"key-number": world.number(77)}))
    lately = text(at(HANDLER).get("/data/query/"))
    assert "驻审1" in lately
    assert world.number(1) not in lately


def test_what_is_not_complete_is_told_and_nothing_typed_is_lost(city: City, at: At, grant: str) -> None:
    answer = look(at, grant, case="")
    assert answer.status_code == 400
    assert "请填写办件编号" in text(answer)
    assert world.number(1) in text(answer)
    assert "请填写要查的对象" in text(look(at, grant, **{"key-number": " "}))
    assert gateway.calls_by(city[HANDLER].id, [world.ASKER]) == []


def test_who_handles_nothing_there_looks_up_nothing(at: At, grant: str) -> None:
    for persona, status in (
        ("handler of another department", 404),
        (DEPARTMENT, 403),
        ("auditor", 403),
        ("owner", 403),
        ("anonymous", 302),
    ):
        assert look(at, grant, persona).status_code == status, persona


def test_a_source_that_fails_is_told_in_words(at: At, grant: str) -> None:
    def down(_: gateway.Query) -> None:
        raise gateway.SourceDown("数据来源没有答复。", mend="请稍后再试。")

    world.connect_again(before=down)
    answer = look(at, grant)
    assert answer.status_code == 503
    assert "数据来源没有答复" in text(answer)


def test_a_receipt_is_read_by_both_departments(city: City, at: At, grant: str) -> None:
    caller = gateway.Caller(gateway.CallerKind.OFFICER, city[HANDLER].id, "甲", world.ASKER)
    receipt = gateway.call(caller, world.question(grant), now=timezone.now()).receipt
    for persona in (HANDLER, DEPARTMENT, BUREAU, "auditor", "security"):
        page = at(persona).get(f"/data/receipts/{receipt}")
        assert page.status_code == 200, persona
        assert "还没有封存" in text(page)
        assert world.number(1) not in text(page)
    for persona in ("handler of another department", "approver", "auditor elsewhere"):
        assert at(persona).get(f"/data/receipts/{receipt}").status_code == 404, persona
    assert at(HANDLER).get(f"/data/receipts/{receipt}/proof").status_code == 409


def test_a_department_registers_its_systems(city: City, at: At, grant: str) -> None:
    made = at(DEPARTMENT).post("/data/clients/", {"org": world.ASKER, "name": "餐饮许可审批系统"})
    assert made.status_code == 302
    url, pem = made["Location"], generate().public.to_pem().decode()
    assert "还没有公钥" in text(at(BUREAU).get("/data/clients/"))
    assert at(DEPARTMENT).post(f"{url}/change", {"what": "key", "key": pem}).status_code == 302
    wrong = at(DEPARTMENT).post(f"{url}/change", {"what": "key", "key": "不是公钥"})
    assert (wrong.status_code, "不是一个 SM2 公钥" in text(wrong)) == (400, True)
    assert ">\n不是公钥</textarea>" in text(wrong)
    shown = text(at(DEPARTMENT).post(f"{url}/change", {"what": "token"}))
    assert "Authorization: Bearer ygw_" in shown
    assert "ygw_" not in text(at(DEPARTMENT).get(url))
    assert at(DEPARTMENT).post(f"{url}/change", {"what": "revoke", "why": ""}).status_code == 400
    assert at(DEPARTMENT).post(f"{url}/change", {"what": "revoke", "why": "系统下线"}).status_code == 302
    assert "已停用" in text(at(DEPARTMENT).get(url))
    assert at(DEPARTMENT).post(f"{url}/change", {"what": "token"}).status_code == 409
    late = at(DEPARTMENT).post(f"{url}/change", {"what": "key", "key": pem})
    assert (late.status_code, "您刚才写的" in text(late)) == (409, True)
    assert pem.splitlines()[1] in text(late)
    actions = [entry["action"] for entry in entries_of(f"client:{url.split('/')[-1]}")]
    assert actions == [
        f"gateway.client.{one}" for one in ("registered", "key-set", "token-issued", "revoked")
    ]


def test_nobody_registers_for_another_department(at: At, grant: str) -> None:
    sent = {"org": world.STRANGER, "name": "别的系统"}
    assert at(DEPARTMENT).post("/data/clients/", sent).status_code == 400
    foreign = gateway.register_client(
        world.officer("s", *_data(world.STRANGER)), org=world.STRANGER, name="学籍系统"
    )
    assert at(DEPARTMENT).get(f"/data/clients/{foreign}").status_code == 404
    assert at(BUREAU).get(f"/data/clients/{foreign}").status_code == 200


def _data(org: str) -> list[Any]:
    from yiwang.kernel.actor import Post, Role

    return [Post(Role.DATA, org)]


def test_what_is_objected_to_is_marked_in_the_answer_that_the_digest_covers(
    city: City, at: At, grant: str
) -> None:
    quality.forget_objected()
    assert "有异议，核查中" not in text(look(at, grant))
    resource = gateway.calls_by(city[HANDLER].id, [world.ASKER])[0].resource
    about = quality.NewObjection(
        resource, "", should="应当是王第一", why="写错了", org=world.ASKER, key=world.number(1)
    )
    quality.object_to(city[HANDLER], about)
    quality.forget_objected()
    assert "有异议，核查中" in text(look(at, grant))
    asked = gateway.NewCall(grant, {"number": world.number(1)}, None, world.PURPOSE, case="驻审1")
    found = gateway.look_up(city[HANDLER], asked, now=timezone.now())
    assert json.loads(found.document)["marks"] == {"": "有异议，核查中"}
    other = gateway.NewCall(grant, {"number": world.number(2)}, None, world.PURPOSE, case="驻审1")
    assert "marks" not in json.loads(gateway.look_up(city[HANDLER], other, now=timezone.now()).document)


def test_a_correction_needs_no_note_any_more_once_a_user_reads_it_in_the_source(
    city: City, at: At, grant: str
) -> None:
    truth = world.row_of(1)["owner"]
    look(at, grant)
    resource = gateway.calls_by(city[HANDLER].id, [world.ASKER])[0].resource
    about = quality.NewObjection(
        resource, "owner", should=truth, why="写错了", org=world.ASKER, key=world.number(1)
    )
    made = quality.object_to(city[HANDLER], about)
    provider = world.officer("登记中心", *_data(world.PROVIDER))
    quality.answer_objection(provider, made, quality.Corrected("王别人", truth, "与登记簿一致"))
    still = {world.number(1): world.row_of(1) | {"owner": "王别人"}}
    world.connect_again(rows=still)
    assert "已核实更正，来源尚未同步" in text(look(at, grant))
    world.connect_again(rows={world.number(1): world.row_of(1)})
    assert "已核实更正" not in text(look(at, grant))
    rounds = quality.objection(city[HANDLER], made).rounds
    assert rounds[0].correction is not None
    assert rounds[0].correction.agreed_at is not None
