# SPDX-License-Identifier: Apache-2.0
"""By which way an answer leaves: the government's own network, or the internet (第十九条)."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from yiwang.engines.exchange.leaving import Way, way_from

from .visitors import address_of


def way_of(request: HttpRequest, *, file: bool = False) -> Way:
    """The way of the answer to a request: by its address and YIWANG_GOVERNMENT_NETWORKS.

    Args:
        file: whether the answer is a file that stays with whoever fetched it.
    """
    return way_from(address_of(request), settings.ENV["GOVERNMENT_NETWORKS"], file=file)
