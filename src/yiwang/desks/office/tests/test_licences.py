# SPDX-License-Identifier: Apache-2.0
"""The department's licences: the list, sealing with a passphrase, changing how one stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from support.workshop import PASSPHRASE, RARE, SYSTEM, Workshop, open_workshop
from yiwang.apps.identity import public as identity
from yiwang.apps.journal.public import looks_at
from yiwang.apps.licences.public import Standing, history, licence
from yiwang.apps.licences.trials import try_licence
from yiwang.kernel.actor import Actor, ActorKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def workshop(db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workshop]:
    settings.DATA_DIR = tmp_path
    with open_workshop(tmp_path, monkeypatch) as found:
        yield found


@pytest.fixture
def at(workshop: Workshop) -> Callable[[Actor], Client]:
    """A client logged in as an officer, or as the holder."""

    def log_in(actor: Actor) -> Client:
        accounts = get_user_model().objects
        if not accounts.filter(username=actor.id).exists():
            identity.open_account(SYSTEM, username=actor.id, password=None, owner=actor.id)
        client = Client()
        account = accounts.get(username=actor.id)
        client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return log_in


def body(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[:500]
    return str(answer.content.decode())


def send(client: Client, workshop: Workshop, *ids: str, **changed: str) -> Any:
    given = {"use": workshop.use, "passphrase": PASSPHRASE, "licence": list(ids)}
    return client.post("/office/licences/seal", {**given, **changed})


def test_the_custodian_sees_what_waits_and_seals_it(workshop: Workshop, at: Any) -> None:
    good, faulty = workshop.issue("JK-1"), workshop.issue("JK-2", fields={})
    for one in (good, faulty):
        try_licence("k", {"licence": one})
    client = at(workshop.custodian)
    said = body(client.get("/office/licences/"))
    assert "JK-1" in said
    assert "请先补上“姓名”" in said
    said = body(send(client, workshop, good, faulty))
    assert "签章1件，1件没有签" in said
    assert "JK-2" in said
    assert licence(good).sealed_at is not None
    assert PASSPHRASE not in said
    said = body(client.get("/office/licences/?type=health-certificate"))
    assert "JK-1" not in said


def test_a_wrong_passphrase_is_told_and_the_choice_stays(workshop: Workshop, at: Any) -> None:
    one, other = workshop.issue("JK-1"), workshop.issue("JK-2")
    said = body(send(at(workshop.custodian), workshop, one, passphrase="不对的口令-2026"), 400)
    assert "没有签章" in said
    assert "不对的口令" not in said
    assert f'value="{one}" checked' in said
    assert f'value="{other}" checked' not in said
    assert "请选择用印批准" in body(send(at(workshop.stage.custodian), workshop, one, use=""), 400)


def test_who_is_not_the_custodian_does_not_seal(workshop: Workshop, at: Any) -> None:
    one = workshop.issue("JK-1")
    body(send(at(workshop.stage.approver), workshop, one), 403)
    body(send(at(workshop.stage.elsewhere), workshop, one), 404)
    assert "JK-1" not in body(at(workshop.stage.other_department).get("/office/licences/"))
    assert licence(one).sealed_at is None


def test_a_licence_is_found_looked_at_and_changed_with_reason_and_day(workshop: Workshop, at: Any) -> None:
    one = workshop.issue("JK-1")
    client = at(workshop.stage.approver)
    for typed in ("JK-1", licence(one).written_check_code):
        assert client.post("/office/licences/find", {"number": typed})["Location"].endswith(one)
    assert "没有查到" in body(client.post("/office/licences/find", {"number": "没有"}))
    here = f"/office/licences/{one}"
    assert RARE in body(client.get(here))
    assert looks_at(workshop.holder)[0]["actor"] == workshop.stage.approver.id
    said = body(client.post(f"{here}/change", {"to": "suspended", "reason": " ", "basis": "某法第八条"}), 400)
    assert "请写明理由" in said
    assert "某法第八条" in said
    given = {"to": "suspended", "reason": "卫生不合格", "basis": "某法第八条", "on": ""}
    assert client.post(f"{here}/change", given).status_code == 302
    assert licence(one).standing is Standing.SUSPENDED
    assert "卫生不合格" in body(client.get(here))
    assert "不能改为" in body(client.post(f"{here}/change", given), 409)
    assert client.post(f"{here}/withdraw", {"seq": "2", "reason": "登错了"}).status_code == 302
    assert licence(one).standing is Standing.VALID
    for seq in ("1", "99", "x", ""):
        assert client.post(f"{here}/withdraw", {"seq": seq, "reason": "x"}).status_code in (400, 404, 409)
    body(client.post(f"{here}/change", {"to": "eaten", "reason": "x"}), 400)
    body(client.post(f"{here}/change", {"to": "revoked", "reason": "x", "on": "昨天"}), 400)


def test_what_a_licence_states_is_corrected(workshop: Workshop, at: Any) -> None:
    one = workshop.issue("JK-1")
    client, here = at(workshop.stage.approver), f"/office/licences/{one}"
    given = {"f-resident-name": "张三", "reason": "姓名印错"}
    assert client.post(f"{here}/correct", given).status_code == 302
    assert licence(one).fields == {"resident-name": "张三"}
    said = body(client.post(f"{here}/correct", {"f-resident-name": "张三", "reason": "没有变"}), 400)
    assert "与原来相同" in said
    assert "没有变" in said


@pytest.mark.parametrize("who", ["handler", "elsewhere", "other_department"])
def test_others_do_not_change_it_and_strangers_do_not_see_it(workshop: Workshop, at: Any, who: str) -> None:
    one = workshop.issue("JK-1")
    client = at(getattr(workshop.stage, who))
    seen = client.get(f"/office/licences/{one}").status_code
    assert seen == (200 if who == "handler" else 404)
    for action in ("change", "withdraw", "correct"):
        given = {"to": "revoked", "reason": "x", "seq": "2", "f-resident-name": "李"}
        assert client.post(f"/office/licences/{one}/{action}", given).status_code in (403, 404)
    assert len(history(one)) == 1


def test_the_holder_sees_and_downloads_what_is_theirs(workshop: Workshop, at: Any) -> None:
    one = workshop.issue("JK-1")
    client = at(Actor(ActorKind.PERSON, workshop.holder, RARE))
    assert "正在加盖电子印章" in body(client.get("/licences/"))
    body(client.get(f"/licences/{one}/pdf"), 404)
    send(at(workshop.custodian), workshop, one)
    for form in ("pdf", "ofd", "json"):
        answer = client.get(f"/licences/{one}/{form}")
        assert answer.status_code == 200
        assert f"JK-1.{form}" in answer["Content-Disposition"]
        assert "no-store" in answer["Cache-Control"]
    assert sum(look["purpose"].startswith("下载证照文件") for look in looks_at(workshop.holder)) == 3
    said = body(client.get(f"/licences/{one}"))
    assert "核发" in said
    assert "签章" in said
    body(client.get(f"/licences/{one}/exe"), 404)
    body(client.get("/licences/l_00000000000000000000000000"), 404)
    body(at(workshop.stage.handler).get(f"/licences/{one}"), 403)
    clerk = at(workshop.stage.approver)
    assert clerk.get(f"/office/licences/{one}/files/pdf").status_code == 200
