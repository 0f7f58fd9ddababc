# SPDX-License-Identifier: Apache-2.0
"""The door of identity: who is acting, who is concerned, who may act for whom.

A login becomes an `Actor` once per request (`actor_of`); commands everywhere take that actor.
People and firms pass through this door as frozen `Subject` values, by public id.
"""

from __future__ import annotations

from .commands import close_account, open_account, register_firm, register_person
from .delegation import (
    MandateView,
    appoint_officer,
    delegate,
    end_delegation,
    give_mandate,
    mandates_of,
    revoke_mandate,
)
from .domain.views import FirmFacts, RegisteredFirm, Subject
from .meeting import meet_applicant
from .officers import departments_of, officers_in
from .queries import (
    actor_of,
    digest_id_number,
    digests_fit_key,
    find_person,
    firm_facts,
    firms_by_code,
    firms_named,
    firms_of,
    may_act_for,
    names,
    officers_of,
    people_by_number,
    registered_firms,
    registered_people,
    subject,
    subjects,
)
from .representing import numbers_of, representatives_of
from .stock import (
    NewAgent,
    NewFirm,
    NewOfficer,
    NewPerson,
    load_firms,
    load_officers,
    load_people,
    register_size,
)
from .tokens import actor_of_token, issue_token, revoke_token
from .unit_posts import (
    give_data_post,
    give_security_post,
    staff_of,
    take_data_post,
    take_security_post,
)

__all__ = [
    "FirmFacts",
    "MandateView",
    "NewAgent",
    "NewFirm",
    "NewOfficer",
    "NewPerson",
    "RegisteredFirm",
    "Subject",
    "actor_of",
    "actor_of_token",
    "appoint_officer",
    "close_account",
    "delegate",
    "departments_of",
    "digest_id_number",
    "digests_fit_key",
    "end_delegation",
    "find_person",
    "firm_facts",
    "firms_by_code",
    "firms_named",
    "firms_of",
    "give_data_post",
    "give_mandate",
    "give_security_post",
    "issue_token",
    "load_firms",
    "load_officers",
    "load_people",
    "mandates_of",
    "may_act_for",
    "meet_applicant",
    "names",
    "numbers_of",
    "officers_in",
    "officers_of",
    "open_account",
    "people_by_number",
    "register_firm",
    "register_person",
    "register_size",
    "registered_firms",
    "registered_people",
    "representatives_of",
    "revoke_mandate",
    "revoke_token",
    "staff_of",
    "subject",
    "subjects",
    "take_data_post",
    "take_security_post",
]
