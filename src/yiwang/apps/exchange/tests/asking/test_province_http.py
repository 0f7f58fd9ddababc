# SPDX-License-Identifier: Apache-2.0
"""The province's platform over HTTP: signed calls; slow, broken, endless and senseless answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from yiwang.apps.exchange import public as x
from yiwang.apps.exchange.adapters.province.http import HttpPlatform, signature
from yiwang.kernel.errors import Conflict, Unavailable

PACE = x.Pace(seconds=5, most_bytes=10_000, every=60, longest_pause=60)


def http(answer: Callable[[httpx.Request], httpx.Response], *, pace: x.Pace = PACE) -> HttpPlatform:
    """The adapter, with somebody answering."""
    return HttpPlatform("https://p.example/api", "t" * 24, lambda: pace, httpx.MockTransport(answer))


def test_calls_are_signed_and_bear_token_and_key() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"receipt": "r-1"})

    assert http(answer).push(x.Upward.REQUEST, "k", {"a": "甲"}) == "r-1"
    (one,) = seen
    assert (one.headers["authorization"], one.headers["idempotency-key"]) == (f"Bearer {'t' * 24}", "k")
    made = signature(
        "t" * 24, method="POST", path="/api/requests", at=one.headers["x-time"], body=one.content
    )
    assert one.headers["x-signature"] == made
    assert made != signature("t" * 24, method="POST", path="/api/requests", at="0", body=one.content)


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503])
def test_a_busy_or_broken_province_is_tried_again(status: int) -> None:
    with pytest.raises(Unavailable):
        http(lambda request: httpx.Response(status)).push(x.Upward.USERS, "k", {})


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(400),
        httpx.Response(302, headers={"Location": "https://elsewhere.example"}),
        httpx.Response(200, content=b"<html>"),
        httpx.Response(200, json=["receipt"]),
        httpx.Response(200, json={"receipt": ""}),
        httpx.Response(200, json={"receipt": {"x": 1}}),
        httpx.Response(200, content=b"[" * 100_000),
    ],
)
def test_a_refusal_or_nonsense_is_told(answer: httpx.Response) -> None:
    with pytest.raises(Conflict):
        http(lambda request: answer, pace=replace(PACE, most_bytes=10**6)).push(x.Upward.NEEDS, "k", {})


@pytest.mark.parametrize("body", [{}, {"messages": {}, "cursor": "1"}, {"messages": [], "cursor": 7}, []])
def test_a_feed_that_cannot_be_read_is_told(body: Any) -> None:
    with pytest.raises(Conflict):
        http(lambda request: httpx.Response(200, json=body)).feed(x.Feed.ANSWERS, "")


def test_a_slow_a_dripping_and_an_endless_answer_end() -> None:
    def slow(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("slow")

    with pytest.raises(Unavailable, match="ReadTimeout"):
        http(slow).feed(x.Feed.RETURNED, "a b&c")

    def dripping() -> Iterator[bytes]:
        while True:
            yield b" "

    hurry = replace(PACE, seconds=0, most_bytes=10**9)
    with pytest.raises(Unavailable, match="太慢"):
        http(lambda request: httpx.Response(200, content=dripping()), pace=hurry).content("n")
    endless = httpx.Response(200, content=b"x" * 20_000)
    with pytest.raises(Conflict, match="太大"):
        http(lambda request: endless).content("n")


def test_a_feed_is_asked_from_its_cursor() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert request.url.params["after"] == "a b&c"
        return httpx.Response(200, json={"messages": [1], "cursor": "2", "more": True})

    assert http(answer).feed(x.Feed.CATALOGUE, "a b&c") == x.FeedPage((1,), "2", True)
