# SPDX-License-Identifier: Apache-2.0
"""Where a request comes from, behind reverse proxies: what locks out a guesser of passwords needs it."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The visitor's IP address. Only our own proxies (YIWANG_PROXIES) are believed about it.

    Each proxy adds at the end of `X-Forwarded-For` whom it got the request from, so the list is
    read from the end, past our own, to the first that is not ours. What stands before it anybody
    may have invented.
    """
    came_from: str = request.META.get("REMOTE_ADDR", "")
    told = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    while came_from in settings.PROXIES and told:
        said = told.pop().strip()
        if not _is_address(said):
            break
        came_from = said
    return came_from


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
