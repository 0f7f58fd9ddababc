# SPDX-License-Identifier: Apache-2.0
"""Whatever the definitions ask, there is a right value to type and a file that passes its check."""

from __future__ import annotations

import pytest

from support.city import definitions
from yiwang.apps.casework.public import read_value
from yiwang.apps.materials.public import store_file
from yiwang.conf.demo.papers import paper
from yiwang.conf.demo.values import right_value
from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.kinds.elements import ElementType
from yiwang.kernel.actor import system
from yiwang.kernel.dates import today_in_china
from yiwang.kernel.errors import Invalid


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return definitions()


def test_there_is_a_right_value_for_every_element(catalogue: Catalogue) -> None:
    for element in catalogue.elements.values():
        typed = right_value(element, today=today_in_china(), place="yicheng")
        assert read_value(element, typed) is not None


def test_what_nobody_can_fill_in_is_told(catalogue: Catalogue) -> None:
    some = next(e for e in catalogue.elements.values() if e.type is ElementType.TEXT and not e.example)
    with pytest.raises(Invalid, match="不知道"):
        right_value(some.model_copy(update={"pattern": "^永远$"}), today=today_in_china(), place="yicheng")


@pytest.mark.django_db
def test_there_is_a_real_file_for_every_material(catalogue: Catalogue) -> None:
    for material in list(catalogue.materials.values())[::10]:
        name, content = paper(material)
        stored = store_file(
            system("测试"),
            owner="p_nobody",
            name=name,
            content=content,
            accepts=material.accepts,
            max_megabytes=material.max_megabytes,
        )
        assert stored.name == name


def test_a_material_that_takes_no_picture_is_told(catalogue: Catalogue) -> None:
    some = next(iter(catalogue.materials.values()))
    with pytest.raises(Invalid, match="不接受"):
        paper(some.model_copy(update={"accepts": ["ofd"]}))
