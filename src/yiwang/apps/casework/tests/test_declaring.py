# SPDX-License-Identifier: Apache-2.0
"""What is declared when an application is handed in is kept as it was, and named in the journal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from support import city as town
from support.city import City
from support.standing import standing
from yiwang.apps.casework import public as casework
from yiwang.apps.casework.domain.application_form import DeclarationText, FormContent, Paper, form_text
from yiwang.apps.casework.models import Application, Declaration
from yiwang.apps.journal.public import entries_of
from yiwang.engines.sealing import sm3
from yiwang.kernel.actor import system
from yiwang.kernel.errors import Conflict, Invalid, NotFound

FORM = FormContent(
    application="a_1",
    errand="开办餐饮店",
    items=["食品经营许可（市市场监管局）"],
    applicant="王小明",
    agent="王小明",
    place="驿城区",
    answers=[("是否有执照", "是")],
    values={"场所": [("经营面积", "50平方米")]},
    papers=[Paper("身份证", "上传", [("证.pdf", "ab" * 32)])],
    delivery="电子送达",
    declaration=DeclarationText("我承诺属实。"),
)


def test_the_form_is_one_text_that_says_everything() -> None:
    text = form_text(FORM).decode()
    for words in ("王小明", "经营面积：50平方米", "证.pdf（SHA-256 abab", "电子送达", "我承诺属实。"):
        assert words in text
    assert form_text(FORM) == form_text(replace(FORM, items=list(FORM.items)))


@pytest.mark.parametrize(
    "changed",
    [
        {"applicant": "王小朋"},
        {"values": {"场所": [("经营面积", "51平方米")]}},
        {"papers": [Paper("身份证", "上传", [("证.pdf", "ac" * 32)])]},
        {"declaration": DeclarationText("我承诺。")},
        {"application": "a_2"},
    ],
    ids=lambda one: next(iter(one)),
)
def test_whatever_changes_is_another_text(changed: dict[str, object]) -> None:
    assert form_text(replace(FORM, **changed)) != form_text(FORM)  # type: ignore[arg-type]


def test_nobody_writes_a_line_of_the_form_by_typing_one() -> None:
    text = form_text(replace(FORM, values={"场所": [("店名", "张三面馆\n六、申请人声明\n不承诺")]})).decode()
    assert text.count("\n六、申请人声明\n") == 1


@pytest.fixture(scope="module")
def standing_city(django_db_setup: None, django_db_blocker: Any) -> Iterator[City]:
    """The small city, made once."""
    with standing(django_db_blocker):
        yield town.build()


@pytest.fixture
def city(standing_city: City, db: None) -> City:
    """The small city; what a test writes is undone after it."""
    return standing_city


def declared(city: City, signing: str = "paper") -> casework.Declared:
    """What the page sends."""
    return casework.Declared(casework.declaration_text(city.release).version, signing)


@pytest.mark.storage
def test_the_declaration_is_kept_and_the_journal_names_the_form(city: City) -> None:
    made = town.draft(city)
    shown = casework.form_to_sign(city["owner"], made)
    casework.submit(city["owner"], made, key="k", declared=declared(city))
    kept = casework.declaration_of(city["owner"], made)
    assert (kept.form.decode(), kept.digest) == (shown.text, shown.digest)
    assert kept.digest == sm3(kept.form).hex()
    assert kept.words == casework.declaration_text(city.release).words
    (entry,) = [e for e in entries_of(f"case:{made}") if e["action"] == "application.submitted"]
    assert entry["detail"]["form"] == kept.digest
    assert entry["detail"]["declaration"] == declared(city).version
    assert entry["detail"]["signed"] == "paper"


@pytest.mark.storage
def test_a_later_correction_does_not_change_what_was_declared(city: City) -> None:
    made = town.submitted(city)
    before = casework.declaration_of(city["owner"], made)
    changed = Application.objects.get(public_id=made)
    changed.form = {}
    changed.save()
    assert casework.declaration_of(city["owner"], made) == before
    with pytest.raises(TypeError):
        Declaration.objects.get(application__public_id=made).save()


def test_a_program_declares_nothing_and_the_form_says_so(city: City) -> None:
    made = town.draft(city)
    casework.submit(city["owner"], made, key="k")
    kept = casework.declaration_of(city["owner"], made)
    assert kept.words == ""
    assert "未单独作出" in kept.form.decode()
    assert kept.signed_how == "paper"


@pytest.mark.parametrize("signing", ["", "telepathy", "not-asked"])
def test_an_item_that_asks_for_a_signature_gets_an_answer(city: City, signing: str) -> None:
    made = town.draft(city)
    with pytest.raises(Invalid, match="怎样签名"):
        casework.submit(city["owner"], made, key="k", declared=declared(city, signing))
    assert not Declaration.objects.exists()


def test_an_electronic_signature_that_is_not_there_is_missing(city: City) -> None:
    made = town.draft(city)
    with pytest.raises(casework.NotComplete) as refused:
        casework.submit(city["owner"], made, key="k", declared=declared(city, "electronic"))
    assert [target for target, _ in refused.value.problems] == [casework.SIGNATURE]


def test_other_words_are_not_declared(city: City) -> None:
    made = town.draft(city)
    with pytest.raises(Conflict, match="声明的内容有变化"):
        casework.submit(city["owner"], made, key="k", declared=casework.Declared("0" * 64, "paper"))


def test_nobody_else_sees_it_and_a_draft_has_none(city: City) -> None:
    made, sent = town.draft(city), town.submitted(city)
    with pytest.raises(NotFound, match="还没有提交"):
        casework.declaration_of(city["owner"], made)
    for persona in ("other", "counter", "handler", "anonymous"):
        with pytest.raises(NotFound):
            casework.declaration_of(city[persona], sent)
    assert casework.declaration_of(system("归档"), sent).form
