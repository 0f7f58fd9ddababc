# SPDX-License-Identifier: Apache-2.0
"""A step that fails ends the story with its name; a port in use is not fought over."""

from __future__ import annotations

import io
import socket

import pytest
from rich.console import Console

from yiwang.conf.demo.servers import free_address
from yiwang.conf.demo.story import StepFailed, Story
from yiwang.kernel.errors import Conflict


@pytest.fixture
def story() -> Story:
    return Story(Console(file=io.StringIO(), width=120))


def told(story: Story) -> str:
    assert isinstance(story.console.file, io.StringIO)
    return story.console.file.getvalue()


def test_a_step_tells_what_it_did(story: Story) -> None:
    with story.step("填一张表") as note:
        note("填了 3 处")
    assert "✓ 填一张表" in told(story)
    assert "填了 3 处" in told(story)
    assert story.steps == 1


@pytest.mark.parametrize("error", [Conflict("被占用。", mend="请稍后再试。"), ZeroDivisionError("division")])
def test_a_step_that_fails_says_which_and_why(story: Story, error: Exception) -> None:
    with pytest.raises(StepFailed, match="“填一张表”没有成功") as failed, story.step("填一张表"):
        raise error
    assert str(error) in str(failed.value)
    assert "✗ 填一张表" in told(story)
    assert story.steps == 0


def test_a_free_address_is_kept_and_a_busy_one_is_changed() -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        taken = f"127.0.0.1:{busy.getsockname()[1]}"
        other = free_address(taken)
        assert other.startswith("127.0.0.1:")
        assert other != taken
    assert free_address(other) == other
