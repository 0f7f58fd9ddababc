# SPDX-License-Identifier: Apache-2.0
"""The API against its own description: thousands of odd calls, no fault, no undocumented answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from support import city as small
from support.access_map import Way, operations
from yiwang.apps.identity.public import issue_token
from yiwang.kernel.actor import system

EXAMPLES = 30
BOUNDED = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)
CALLERS = ("owner", "approver")

Called = tuple[schemathesis.BaseSchema, dict[str, str]]


@pytest.fixture(scope="module")
def called(django_db_setup: None, django_db_blocker: Any) -> Iterator[Called]:
    """The API of a small city, inside this process, with a token for each caller."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    with django_db_blocker.unblock(), transaction.atomic():
        city = small.build()
        small.submitted(city)
        tokens = {who: issue_token(system("测试"), city.logins[who], who, 1) for who in CALLERS}
        yield schemathesis.openapi.from_wsgi("/api/openapi.json", get_wsgi_application()), tokens
        transaction.set_rollback(True)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.django_db
@pytest.mark.parametrize("way", list(operations()), ids=lambda way: f"{way.methods[0]} {way.path}")
def test_every_odd_call_is_answered_as_described(way: Way, called: Called) -> None:
    schema, tokens = called

    @given(case=schema[way.path][way.methods[0].lower()].as_strategy())
    @BOUNDED
    def call(case: schemathesis.Case) -> None:
        for token in ("yw_unknown", *tokens.values()):
            with transaction.atomic():
                answer = case.call(headers={"Authorization": f"Bearer {token}"})
                transaction.set_rollback(True)
            case.validate_response(answer, checks=list(CHECKS))
            if token == "yw_unknown" and way.access and not way.access.public:
                assert answer.status_code == 401

    call()
