# SPDX-License-Identifier: Apache-2.0
"""Several are asked at once, each in a thread of its own; a page waits only so long for the slow ones."""

from __future__ import annotations

import threading
import time

from yiwang.apps.lookups.plugs import in_threads


def test_all_are_asked_at_once() -> None:
    together = threading.Barrier(3, timeout=10)  # broken unless all three are there at the same time
    done: list[int] = []

    def job() -> None:
        together.wait()
        done.append(1)

    in_threads([job, job, job], 10)
    assert len(done) == 3


def test_a_slow_one_goes_on_and_nobody_waits_for_it() -> None:
    answered, came_back = threading.Event(), threading.Event()

    def slow() -> None:
        came_back.wait(10)
        answered.set()

    began = time.monotonic()
    in_threads([slow], 0.05)
    assert time.monotonic() - began < 5
    assert not answered.is_set()
    came_back.set()
    assert answered.wait(10)


def test_one_that_breaks_off_harms_no_other() -> None:
    done = threading.Event()

    def broken() -> None:
        raise KeyError("x")

    in_threads([broken, done.set], 10)
    assert done.is_set()
