# SPDX-License-Identifier: Apache-2.0
"""Sessions in the database, locked: what visitors answered before they save a draft lies in them."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.sessions.backends import db

from .domain.envelope import Sealed
from .locking import decrypt_text, encrypt_text


class SessionStore(db.SessionStore):
    """Django's store of sessions; the content of each is bound to its key."""

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
