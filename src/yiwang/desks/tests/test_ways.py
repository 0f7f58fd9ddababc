# SPDX-License-Identifier: Apache-2.0
"""An answer leaves by the government's network only if its address is one that the house was told of."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import RequestFactory

from yiwang.desks.ways import way_of
from yiwang.engines.exchange.leaving import Way


@pytest.mark.parametrize(
    ("networks", "address", "forwarded", "way"),
    [
        (["10.0.0.0/8"], "10.9.8.7", "", Way.GOVERNMENT),
        (["10.0.0.0/8"], "203.0.113.9", "", Way.INTERNET),
        (["10.0.0.0/8"], "203.0.113.9", "10.9.8.7", Way.INTERNET),
        ([], "10.9.8.7", "", Way.INTERNET),
    ],
)
def test_only_a_named_network_is_inside(
    settings: Any, networks: list[str], address: str, forwarded: str, way: Way
) -> None:
    settings.ENV = {**settings.ENV, "GOVERNMENT_NETWORKS": networks}
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    request = RequestFactory().get("/", REMOTE_ADDR=address, headers=headers)
    assert way_of(request) is way
    assert way_of(request, file=True) is (Way.FILE if way is Way.INTERNET else way)
