# SPDX-License-Identifier: Apache-2.0
"""A test client for thousands of requests: Django's, without what those tests never look at."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.middleware.csrf import CSRF_SECRET_LENGTH
from django.test import Client
from django.test.client import ClientHandler


class QuietClient(Client):
    """Keeps no templates and contexts of its answers, and none of the cookies that they set; a fault is
    an answer too. The middleware is loaded once for all."""

    def __init__(self, account: Any = None) -> None:
        super().__init__(raise_request_exception=False)
        self.handler = _handler()
        if account is not None:
            self.force_login(account)
        self.cookies["csrftoken"] = "k" * CSRF_SECRET_LENGTH

    def request(self, **request: Any) -> Any:
        """Every request has the cookies of somebody who just logged in."""
        return self.handler(self._base_environ(**request))  # type: ignore[attr-defined]


@cache
def _handler() -> ClientHandler:
    return ClientHandler(enforce_csrf_checks=False)


@contextmanager
def refusals_unsaid() -> Iterator[None]:
    """While inside, Django logs faults alone: refusals are what is asked for."""
    log = logging.getLogger("django.request")
    before = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(before)
