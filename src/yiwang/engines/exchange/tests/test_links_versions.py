# SPDX-License-Identifier: Apache-2.0
"""Links both ways, and changes between releases in words."""

from __future__ import annotations

from pathlib import Path

from yiwang.engines.exchange import Resource, ResourceField, versions
from yiwang.engines.exchange.links import links_of

from .test_kinds import SOUND, look


def test_links_lead_both_ways(tmp_path: Path) -> None:
    catalogue = look(tmp_path, SOUND).catalogue
    links = links_of(catalogue)
    (link,) = links.resources["firm-registration"]
    assert link.material == "business-licence"
    assert link.licence
    assert link.issued_by == ("registration",)
    assert link.asked_by == ("food",)
    assert link.resources == ("firm-registration",)
    assert links.materials["business-licence"] == link
    assert links.freed_by("firm-registration") == {"food": ("business-licence",)}
    assert links.answers_for("food") == {"business-licence": ("firm-registration",)}
    assert links.materials["floor-plan"].resources == ()


def test_a_resource_that_is_not_shared_stands_for_nothing(tmp_path: Path) -> None:
    terms = "sharing: not_shared\nnot_shared: {doc: food-law, at: 第一条}"
    text = SOUND.replace("sharing: conditional\ncondition: 办理涉企事项时核验", terms)
    links = links_of(look(tmp_path, text).catalogue)
    assert links.materials["business-licence"].resources == ()
    assert links.answers_for("food") == {}


def test_changes_are_told_in_words(tmp_path: Path) -> None:
    before = look(tmp_path / "a", SOUND).catalogue.others["exchange"]["firm-registration"]
    text = (
        SOUND.replace("conditional\ncondition: 办理涉企事项时核验", "unconditional")
        .replace("cycle: daily", "cycle: real_time")
        .replace("element: boss, grade: general_2, mask: name", "element: boss, grade: general_1, mask: hide")
        .replace(
            "  - {id: trade, name: 经营方式, type: choice, element: trade, grade: general_1}\n",
            "  - {id: founded, name: 成立日期, type: date, grade: general_1}\n",
        )
    )
    after = look(tmp_path / "b", text).catalogue.others["exchange"]["firm-registration"]
    told = {
        one.what: (one.before, one.after)
        for one in versions.changes(before.model_dump(mode="json"), after.model_dump(mode="json"))
    }
    assert told == {
        "共享类型": ("有条件共享", "无条件共享"),
        "共享条件": ("办理涉企事项时核验", ""),
        "更新周期": ("每日", "实时"),
        "信息项“经营方式”": ("经营方式", ""),
        "信息项“成立日期”": ("", "成立日期"),
        "信息项“法定代表人”的数据等级": ("一般数据2级", "一般数据1级"),
        "信息项“法定代表人”的脱敏": ("姓名脱敏", "不显示"),
    }
    same = before.model_dump(mode="json")
    assert versions.changes(same, same) == ()


def test_every_key_has_a_word() -> None:
    assert set(Resource.model_fields) - {"id"} == set(versions.WORDS)
    assert set(ResourceField.model_fields) - {"id"} == set(versions.FIELD_WORDS)
