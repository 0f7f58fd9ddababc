# SPDX-License-Identifier: Apache-2.0
"""A session opens with its key until it ends."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from yiwang.apps.vault.sessions import SessionStore

pytestmark = [pytest.mark.django_db, pytest.mark.storage]


def kept() -> str:
    """The key of a session that holds something."""
    store = SessionStore()
    store["answer"] = "四十二"
    store.save()
    return str(store.session_key)


def test_what_a_session_holds_is_there_again() -> None:
    key = kept()
    assert SessionStore(key)["answer"] == "四十二"
    assert "四十二" not in Session.objects.get(pk=key).session_data


def test_a_session_that_ended_opens_nothing_and_loses_its_key() -> None:
    key = kept()
    for seconds, opens in ((60, True), (-1, False)):
        Session.objects.filter(pk=key).update(expire_date=timezone.now() + dt.timedelta(seconds=seconds))
        store = SessionStore(key)
        assert (store.get("answer") == "四十二", store.session_key == key) == (opens, opens)


def test_a_key_that_no_session_has_opens_nothing() -> None:
    store = SessionStore("k" * 32)
    assert store.get("answer") is None
    assert store.session_key is None
