# SPDX-License-Identifier: Apache-2.0
"""My signature on the pages: applied for in each way, used on the application form, verified, revoked."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from support import city as town
from support.city import City
from support.signing import SECRET, handwriting, plugged
from yiwang.apps.casework import public as casework
from yiwang.apps.signatures import public as signatures

pytestmark = pytest.mark.django_db
At = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _service() -> Iterator[None]:
    with plugged():
        yield


def applied(client: Client, **changed: object) -> str:
    """Apply by drawing; the text of the page that comes back."""
    data = "data:image/png;base64," + base64.b64encode(handwriting()).decode()
    typed = {"way": "drawn", "drawing": data, "passphrase": SECRET, "again": SECRET, "key": "k1"} | changed
    return client.post("/my/signature/apply", typed, follow=True).content.decode()


def test_somebody_without_a_signature_is_told_what_it_is_for(city: City, at: At) -> None:
    client = at("owner")
    text = client.get("/my/signature").content.decode()
    assert "还没有电子签名" in text
    assert "/my/signature/apply" in text
    assert client.get("/my/signature/picture")["Location"] == "/my/signature"
    page = client.get("/my/signature/apply").content.decode()
    for way in ("drawn", "typed", "uploaded"):
        assert f'value="{way}"' in page


@pytest.mark.parametrize("way", ["drawn", "uploaded", "typed"])
def test_each_way_gives_a_signature(city: City, at: At, way: str) -> None:
    upload = io.BytesIO(handwriting())
    upload.name = "签名.png"
    more: dict[str, object] = {"picture": upload} if way == "uploaded" else {}
    text = applied(at("owner"), way=way, **more)
    assert "电子签名可以用了" in text
    assert "有效" in text
    answer = at("owner").get("/my/signature/picture")
    assert answer["Content-Type"] == "image/png"
    assert "no-store" in answer["Cache-Control"]
    assert at("other").get("/my/signature/picture")["Location"] == "/my/signature"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"way": ""}, "请选择签名的样子"),
        ({"way": "drawn", "drawing": ""}, "还没有签名"),
        ({"way": "uploaded"}, "还没有选图片"),
        ({"again": "别的口令12345678"}, "两次输入的签名口令不一样"),
        ({"passphrase": "短", "again": "短"}, "口令"),
    ],
)
def test_what_is_wrong_is_said_and_the_drawing_stays(
    city: City, at: At, changed: dict[str, str], words: str
) -> None:
    client = at("owner")
    data = "data:image/png;base64," + base64.b64encode(handwriting()).decode()
    typed = {"way": "drawn", "drawing": data, "passphrase": SECRET, "again": SECRET, "key": "k1"} | changed
    answer = client.post("/my/signature/apply", typed)
    text = answer.content.decode()
    assert answer.status_code == 400
    assert words in text
    if "drawing" not in changed:
        assert data.replace("+", "&#x2B;") in text or data in text
    assert SECRET not in text
    assert signatures.my_signature(city["owner"]) is None


def test_a_service_that_does_not_answer_loses_no_drawing(city: City, at: At) -> None:
    data = "data:image/png;base64," + base64.b64encode(handwriting()).decode()
    typed = {"way": "drawn", "drawing": data, "passphrase": SECRET, "again": SECRET, "key": "k1"}
    with plugged() as twin:
        twin.fail_next = 1
        answer = at("owner").post("/my/signature/apply", typed)
        assert answer.status_code == 503
        assert "没有应答" in answer.content.decode()
        assert data in answer.content.decode().replace("&#x2B;", "+")
        assert at("owner").post("/my/signature/apply", typed)["Location"] == "/my/signature"


def sheet(client: Client, draft: str) -> tuple[str, str]:
    """The form to sign: its page and its digest."""
    text = client.get(f"/applications/{draft}/sign").content.decode()
    found = re.search(r'name="digest" value="(\w+)"', text)
    return text, found[1] if found else ""


def hand_in(client: Client, city: City, draft: str, signing: str) -> tuple[int, str]:
    """Submit with this way of signing; status and text or where it goes."""
    version = casework.declaration_text(city.release).version
    typed = {"key": f"k-{draft}", "promise": "true", "declaration": version, "signing": signing}
    answer = client.post(f"/applications/{draft}/submit", typed)
    return answer.status_code, answer.headers.get("Location") or answer.content.decode()


def test_the_form_is_signed_and_handed_in(city: City, at: At) -> None:
    client, draft = at("owner"), town.draft(city)
    assert "申请表签名" in client.get(f"/applications/{draft}/review").content.decode()
    assert "申请电子签名" in sheet(client, draft)[0]
    applied(client)
    text, digest = sheet(client, draft)
    assert "六、申请人声明" in text
    wrong = client.post(f"/applications/{draft}/sign", {"digest": digest, "passphrase": "不对的口令"})
    assert wrong.status_code == 400
    status, page = hand_in(client, city, draft, "electronic")
    assert status == 400
    assert "请在申请表上签名" in page
    signed = client.post(f"/applications/{draft}/sign", {"digest": digest, "passphrase": SECRET})
    assert signed["Location"] == f"/applications/{draft}/review"
    assert "已经电子签名" in client.get(f"/applications/{draft}/review").content.decode()
    assert hand_in(client, city, draft, "electronic") == (302, f"/applications/{draft}/receipt")
    declared = casework.declaration_of(city["owner"], draft)
    assert declared.signed_how == "electronic"
    assert declared.digest == digest
    (use,) = signatures.signings_of(city["owner"])
    assert use.public_id == declared.signing
    page = client.get(f"/my/signature/uses/{use.public_id}").content.decode()
    assert "签名有效" in page
    assert at("other").get(f"/my/signature/uses/{use.public_id}").status_code == 404
    kit = client.get(f"/my/signature/uses/{use.public_id}/kit")
    with zipfile.ZipFile(io.BytesIO(kit.content)) as archive:
        assert archive.read("signed/application-form.txt") == declared.form


def test_a_form_changed_after_signing_must_be_signed_again(city: City, at: At) -> None:
    client, draft = at("owner"), town.draft(city)
    applied(client)
    _, digest = sheet(client, draft)
    client.post(f"/applications/{draft}/sign", {"digest": digest, "passphrase": SECRET})
    casework.save_delivery(city["owner"], draft, method="counter")
    status, page = hand_in(client, city, draft, "electronic")
    assert status == 400
    assert "重新签" in page
    stale = client.post(f"/applications/{draft}/sign", {"digest": digest, "passphrase": SECRET})
    assert stale.status_code == 409
    assert "刚刚有变化" in stale.content.decode()


def test_the_paper_way_stays_open(city: City, at: At) -> None:
    draft = town.draft(city)
    status, page = hand_in(at("owner"), city, draft, "")
    assert status == 400
    assert "请选择怎样签名" in page
    assert hand_in(at("owner"), city, draft, "paper")[0] == 302
    assert casework.declaration_of(city["owner"], draft).signed_term == "到窗口在纸质表上签字"
    assert "还要签个字" in at("owner").get(f"/applications/{draft}/receipt").content.decode()
    case = casework.case_view(city["handler"], town.item_of(city, draft))
    assert case.form_signed == "到窗口在纸质表上签字"


def test_a_clerk_prints_the_form_and_signs_nothing(city: City, at: At) -> None:
    draft = town.draft(city)
    text, digest = sheet(at("counter"), draft)
    assert "打印申请表" in text
    assert not digest
    shown = casework.form_to_sign(city["counter"], draft)
    answer = at("counter").post(f"/applications/{draft}/sign", {"digest": shown.digest, "passphrase": SECRET})
    assert answer.status_code == 403
    assert at("counter").get("/my/signature").status_code == 403


def test_words_that_changed_since_are_not_declared(city: City, at: At) -> None:
    draft = town.draft(city)
    typed = {"key": "k", "promise": "true", "declaration": "0" * 64, "signing": "paper"}
    answer = at("owner").post(f"/applications/{draft}/submit", typed)
    assert answer.status_code == 409
    assert "声明的内容有变化" in answer.content.decode()
    assert casework.draft_view(city["owner"], draft).row.stage == "draft"


def test_a_signature_is_revoked_and_what_it_signed_stays_good(city: City, at: At) -> None:
    client, draft = at("owner"), town.draft(city)
    applied(client)
    _, digest = sheet(client, draft)
    client.post(f"/applications/{draft}/sign", {"digest": digest, "passphrase": SECRET})
    text = client.post("/my/signature/revoke", {"reason": "leaked"}, follow=True).content.decode()
    assert "已注销" in text
    (use,) = signatures.signings_of(city["owner"])
    assert "签名有效" in client.get(f"/my/signature/uses/{use.public_id}").content.decode()
    casework.save_delivery(city["owner"], draft, method="counter")
    assert "您的电子签名已注销" in sheet(client, draft)[0]
