# SPDX-License-Identifier: Apache-2.0
"""Whose address counts: only what our own proxies say is believed."""

from __future__ import annotations

import pytest
from django.test import RequestFactory
from django.test.utils import override_settings

from yiwang.desks.visitors import address_of

PROXY, INNER, VISITOR, INVENTED = "10.0.0.5", "10.0.0.6", "203.0.113.9", "198.51.100.1"


@pytest.mark.parametrize(
    ("remote", "forwarded", "found"),
    [
        (VISITOR, None, VISITOR),
        (VISITOR, INVENTED, VISITOR),  # nobody of ours said so
        (PROXY, VISITOR, VISITOR),
        (PROXY, f"{INVENTED}, {VISITOR}", VISITOR),  # what stands before ours is anybody's word
        (PROXY, f"{INVENTED}, {VISITOR}, {INNER}", VISITOR),  # through two of ours
        (PROXY, None, PROXY),
        (PROXY, "", PROXY),
        (PROXY, "nonsense", PROXY),
        (PROXY, f"{PROXY}, {INNER}", PROXY),
        (PROXY, "2001:db8::7", "2001:db8::7"),
    ],
)
def test_the_address_of_a_visitor(remote: str, forwarded: str | None, found: str) -> None:
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR=remote)
    with override_settings(PROXIES=[PROXY, INNER]):
        assert address_of(request) == found
