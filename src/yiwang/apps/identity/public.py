# SPDX-License-Identifier: Apache-2.0
"""The door of identity: who is acting, who is concerned, who may act for whom.

A login becomes an `Actor` once per request (`actor_of`); commands everywhere take that actor.
People and firms pass through this door as frozen `Subject` values, by public id.
"""

from __future__ import annotations

from .commands import (
    appoint_officer,
    give_mandate,
    meet_applicant,
    open_account,
    register_firm,
    register_person,
    revoke_mandate,
)
from .domain.views import Subject
from .queries import (
    actor_of,
    digest_id_number,
    find_person,
    firms_of,
    may_act_for,
    officers_of,
    subject,
)

__all__ = [
    "Subject",
    "actor_of",
    "appoint_officer",
    "digest_id_number",
    "find_person",
    "firms_of",
    "give_mandate",
    "may_act_for",
    "meet_applicant",
    "officers_of",
    "open_account",
    "register_firm",
    "register_person",
    "revoke_mandate",
    "subject",
]
