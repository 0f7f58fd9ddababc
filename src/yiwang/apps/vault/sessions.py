# SPDX-License-Identifier: Apache-2.0
"""Sessions in the database, locked: what visitors answered before they save a draft lies in them."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.sessions.backends import db
from django.db import connection
from django.utils import timezone

from .domain.envelope import Sealed
from .locking import decrypt_text, encrypt_text

_IN_FORCE = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(db.SessionStore):
    """Django's store of sessions; the content of each is bound to its key."""

    def load(self) -> dict[str, Any]:
        """What the session holds; nothing, and no key, when there is none or it ended.

        Every page asks this: without the cost of building a query.
        """
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        with connection.cursor() as cursor:
            cursor.execute(_IN_FORCE, [self.session_key, now])
            row = cursor.fetchone()
        if row is not None:
            return self.decode(row[0])
        self._session_key = None
        return {}

    def encode(self, session_dict: dict[str, Any]) -> str:
        """The content, locked."""
        return encrypt_text(json.dumps(session_dict, ensure_ascii=False).encode(), about=self._about())

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        """The content; empty, as of a new session, when it does not open."""
        try:
            return dict(json.loads(decrypt_text(str(session_data), about=self._about())))
        except Sealed:
            return {}

    def _about(self) -> str:
        return f"django_session.session_data|{self.session_key}"
