# SPDX-License-Identifier: Apache-2.0
"""Words that carry their term."""

from __future__ import annotations

import json
import pickle

import pytest

from yiwang.kernel.termed import Stated, Termed


class Light(Termed):
    RED = "red", "红灯"
    GREEN = "green", "绿灯"


class Door(Stated):
    OPEN = "open", "开着", "请进。"


def test_a_word_is_its_value_for_programs_and_its_term_for_people() -> None:
    assert (Light("red"), Light.RED.term, f"{Light.RED}") == (Light.RED, "红灯", "red")
    assert json.dumps([Light.GREEN]) == '["green"]'
    assert pickle.loads(pickle.dumps(Light.RED)) is Light.RED
    assert (Door.OPEN.term, Door.OPEN.sentence) == ("开着", "请进。")
    with pytest.raises(ValueError, match="blue"):
        Light("blue")


def test_no_word_can_lack_what_people_read() -> None:
    with pytest.raises(TypeError, match="'off'"):

        class Lamp(Termed):
            OFF = "off"

    with pytest.raises(TypeError, match="'shut'"):

        class Gate(Stated):
            SHUT = "shut", "关着"
