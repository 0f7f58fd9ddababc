# SPDX-License-Identifier: Apache-2.0
"""What all tests of a module begin with, made once: each test's own writing is undone after it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction


@contextmanager
def standing(blocker: Any) -> Iterator[None]:
    """In a module's fixture: what is written within this block stays until it ends, and is undone then.

    Not for a module with tests that commit (`transaction=True`): they would wait for this transaction.

    Args:
        blocker: the fixture `django_db_blocker`; ask for `django_db_setup` too.
    """
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
