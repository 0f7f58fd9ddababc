# SPDX-License-Identifier: Apache-2.0
"""我的电子材料 and the paper way, on pages."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client
from django.utils import timezone

from support import city as town
from support.city import City
from yiwang.apps.casework import public as casework
from yiwang.apps.materials.public import (
    Accepted,
    e_material_of,
    keep_accepted,
    store_file,
    use_e_material,
)
from yiwang.engines.planning import Supply
from yiwang.kernel.actor import system

At = Callable[[str], Client]
RULES = "food-safety-rules"


def kept(city: City, persona: str = "owner", *, subject: str = "", material: str = RULES) -> str:
    """A document that a decided case accepted; its public id."""
    about = subject or city[persona].id
    file = store_file(
        city[persona], owner=about, name="制度.pdf", content=town.pdf(), accepts=["pdf"], max_megabytes=5
    )
    given = Accepted(material, about, "a_1", "food-licence", "market-regulation", (file.public_id,))
    (public_id,) = keep_accepted(system("测试"), [given], city.catalogue, at=timezone.now())
    return public_id


def test_people_see_what_is_kept_open_it_and_see_who_used_it(city: City, at: At) -> None:
    public_id, archived = kept(city), kept(city, material="kitchen-layout")
    made = town.draft(city)
    use_e_material(
        city["owner"], public_id, application=made, purpose="办理“开餐饮店”", basis="规定", at=timezone.now()
    )
    text = at("owner").get("/my/materials/").content.decode()
    assert "可以再用" in text
    assert "只存档" in text
    assert f"/applications/{made}/progress" in text
    (file,) = e_material_of(city["owner"], public_id).files
    opened = at("owner").get(f"/my/materials/{public_id}/{file}")
    assert opened.content.startswith(b"%PDF")
    assert "no-store" in opened["Cache-Control"]
    assert at("owner").get(f"/my/materials/{archived}/{file}").status_code == 404


def test_nobody_else_sees_it_or_stops_it(city: City, at: At) -> None:
    public_id = kept(city)
    (file,) = e_material_of(city["owner"], public_id).files
    for other in ("other", "agent"):
        assert public_id not in at(other).get("/my/materials/").content.decode()
        assert at(other).get(f"/my/materials/{public_id}/{file}").status_code == 404
        stopped = at(other).post(f"/my/materials/{public_id}/withdraw", {"why": "outdated"})
        assert stopped.status_code == 404
    assert at("handler").get("/my/materials/").status_code == 403
    assert at("anonymous").get("/my/materials/").status_code == 302
    assert e_material_of(city["owner"], public_id).withdrawn == ""


def test_it_can_be_stopped_with_a_reason(city: City, at: At) -> None:
    public_id, client = kept(city), at("owner")
    again = client.post(f"/my/materials/{public_id}/withdraw", {}, follow=True)
    assert "请选择原因" in again.content.decode()
    done = client.post(f"/my/materials/{public_id}/withdraw", {"why": "outdated"}, follow=True)
    assert "已停用" in done.content.decode()
    assert e_material_of(city["owner"], public_id).withdrawn == "内容已经过时"


def test_a_firms_documents_are_its_representatives_and_agents(city: City, at: At) -> None:
    public_id = kept(city, "agent", subject=city.firm)
    for persona in ("agent", "representative of the firm"):
        assert public_id in at(persona).get("/my/materials/").content.decode()
    assert public_id not in at("former agent").get("/my/materials/").content.decode()


def test_whoever_prefers_hands_in_what_is_on_record_and_changes_their_mind(city: City, at: At) -> None:
    made, client = town.draft(city), at("owner")
    page = f"/applications/{made}/documents"

    def way() -> Supply:
        lines = casework.draft_view(city["owner"], made).plan.materials.lines
        return next(line.resolution for line in lines if line.material == "id-card")

    assert "我想自己交这一份" in client.get(page).content.decode()
    client.post(page, {"own_way": "id-card"})
    assert way() is Supply.APPLICANT
    assert "带纸质的到窗口扫描" in client.get(page).content.decode()
    client.post(page, {"take_back": "id-card"})
    assert way() is Supply.E_LICENCE


def test_a_clerk_scans_the_paper_for_whoever_brings_it(city: City, at: At) -> None:
    made = town.draft(city)
    at("owner").post(f"/applications/{made}/documents", {"own_way": "id-card"})
    casework.attach_file(city["counter"], made, "id-card", name="扫描.pdf", content=town.pdf())
    seen = {d.material: d for d in casework.draft_view(city["owner"], made).documents.values()}
    assert [file.name for file in seen["id-card"].files] == ["扫描.pdf"]
    assert "id-card" not in casework.draft_view(city["owner"], made).problems


def test_a_document_that_stands_again_can_be_looked_at_from_the_draft(city: City, at: At) -> None:
    public_id = kept(city)
    own = city["owner"].id
    large = town.ANSWERS | {"premises-area": "90"}
    new = casework.NewDraft(town.EVENT, own, own, town.HERE, large)
    made = casework.start_draft(city["owner"], new)
    text = at("owner").get(f"/applications/{made}/documents").content.decode()
    assert f"/my/materials/#{public_id}" in text
    assert "电子材料" in text
