# SPDX-License-Identifier: Apache-2.0
"""The world in which every way in is tried by everybody: whose things there are, who may know of them.

The tables here are written by hand, from the rules and not from the code: they are what the code
is compared with.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from support import (
    around_benefits,
    around_commitments,
    around_credit,
    around_firms,
    around_objections,
    around_policies,
    around_settlements,
)
from support import city as small
from support.around_catalogue import MISSING as NO_RESOURCE
from support.around_catalogue import around_catalogue
from support.around_licences import around_licences, issued_by_office
from support.around_requests import ASKED, PROVINCE_CODE, asked_things
from support.around_requests import MISSING as NOT_ASKED
from support.around_security import MISSING as NO_MATTER
from support.around_security import around_security, on_record
from support.around_waivers import MISSING as NO_REPORT
from support.around_waivers import around_waivers, kept_thing
from support.city import City
from support.sealed import sealed_thing, stage_of
from support.signing import sign_something
from yiwang.apps.casework import public as casework
from yiwang.apps.journal.public import undelivered
from yiwang.apps.licences.public import held_by
from yiwang.apps.licences.public import licence as licence_view
from yiwang.apps.notices.public import box
from yiwang.apps.presentment import public as present
from yiwang.apps.seals.public import authorities

DRAFT, OWN, FIRM, MISSING = (
    "the owner's draft",
    "the owner's application",
    "the firm's application",
    "nothing",
)
"""Whose things are asked for; `MISSING`: ids of the right shape that nothing has."""

KNOWS: dict[str, set[str]] = {
    "owner": {DRAFT, OWN},
    "other": set(),
    "representative of the firm": {FIRM},
    "agent": {FIRM},
    "former agent": set(),
    "counter": {DRAFT, OWN, FIRM},
    "counter elsewhere": set(),
    "handler": {OWN, FIRM},
    "handler elsewhere": set(),
    "handler of another department": set(),
    "approver": {OWN, FIRM},
    "representative": {OWN, FIRM},
    "catalogue": set(),
    "auditor": {OWN, FIRM},
    "auditor elsewhere": set(),
    "operator": set(),
    "data": set(),
    "data of a department": set(),
    "security": set(),
    "custodian": set(),
    "seals": set(),
    "anonymous": set(),
}
"""Persona → whose things they may know of: their own; those received at their counter; those with
an item of their department in their place; the auditor all that was handed in there."""

PAPERS = KNOWS | {"representative": set()}
"""Persona → whose papers they may open on the applicant's pages: a department sees the papers of its
own item only, on the page of that item."""

RECORDS = ("handler", "approver", "representative", "custodian")
"""Who reads, on the office's pages, what their department issued in their place."""

ADDRESSEES = {OWN: "owner", FIRM: "agent"}
"""Whose letters they are: a letter is read by whom it was sent to, and nobody else. So is a licence
that is being shown: its code is on the screen of whoever shows it."""

SEALS = {
    persona: {DRAFT, OWN, FIRM}
    for persona in ("handler", "approver", "representative", "auditor", "custodian", "seals")
}
"""Persona → whose seals they may know of: each stands for a seal of the department `small.OFFICE`, which
its own officers know, whoever administers seals, and the auditor."""

CLERK = "counter"
"""Who used an authorisation: what was seen is read again by them, and nobody else."""

PERSONAL = {
    *("application", "case", "case_id", "file", "file_id", "notice"),
    *("licence", "showing", "authorisation", "use", "signing_id"),
    "record",
    *("seal", "seal_use", "paper", "e_material"),
    *ASKED,
    *("alert", "incident", "supervision", "unit"),
    *around_objections.KNOWS,
    *around_benefits.MISSING,
    *around_commitments.MISSING,
    *around_credit.MISSING,
    *around_settlements.MISSING,
    *around_firms.MISSING,
    *around_policies.MISSING,
}
"""Path parameters that lead to something of somebody."""

QUERIES = {
    "search": {"q": "开饭馆"},
    "office-credit-template": {"entry": "credit-permit"},
    "start": {"event": small.EVENT},
    "counter-begin": {"event": small.EVENT},
}
"""Route name → what its address needs to say anything."""

NO_CALLS = ("data-query-one", "data-receipt", "data-receipt-proof", "data-client", "data-client-change")
"""Pages of calls and systems: there are none in this world; `test_query_pages` knows whose they are."""

NO_DELIVERIES = ("data-batch", "data-batch-file", "data-batch-stop")
"""Pages of deliveries: there are none in this world; `test_sources_pages` knows whose they are."""

BUREAU_ONLY = ("data-sources", "data-source", "data-source-try", "data-source-switch")
"""Pages of sources, for data officers of the bureau alone; none is registered in this world."""

ALWAYS = {"metrics": {404, 405}, "api-root": {404}, "showing_code": {200, 204, 405}}
ALWAYS |= {name: {404, 405} for name in ("licence_file", "office-licence-file", "use_file")}
ALWAYS |= {
    name: {401, 405}
    for name in ("exchange_catalogue", "exchange_query", "exchange_receipt", "exchange_correction")
}
ALWAYS |= {name: {404, 405} for name in (*NO_CALLS, *NO_DELIVERIES, *around_objections.NO_MENDINGS)}
ALWAYS |= {name: {200, 400, 403, 404, 405} for name in BUREAU_ONLY}
ALWAYS["credit_report_draw"] = {200, 302, 400, 405, 429}  # from one address only so many in a minute
ALWAYS["data-cascade-confirm"] = {403, 404, 405}  # the province proposes nobody in this world
OF_THE_BUREAU = (
    *(*BUREAU_ONLY, "console-waivers", "console-waiver-batch", "console-waiver", "console-waiver-review"),
    *("console-template-review", "console-template-publish", "console-sync", "console-sync-announce"),
    *("console-flow-back", "console-samplings", "console-complaint", "console-sampling"),
    *("console-sampling-redraw", "console-finding", "console-finding-close"),
)
"""Pages that a route opens to data officers, and the room behind them only to those of the bureau."""
"""Route name → what it answers whoever may ask: the first two give nothing away without their own
key; the third may say nothing new (204); the next three have nothing to give before a licence is sealed; the
last are for systems that sign what they ask."""

BODIES: dict[str, dict[str, Any]] = {
    "make_plan": {"life_event": small.EVENT, "answers": small.ANSWERS},
    "withdraw": {"reason": "不办了"},
    "take_action": {"opinion": "同意", "reason": "理由", "basis": "依据", "to_place": small.ELSEWHERE},
    **around_credit.BODIES,
}
"""API operation → a body it would take; the others take an application."""

FORM = {
    "receipt": "本人领取",
    "reason": "不办了",
    "delivery": "electronic",
    "key": "k" * 32,
    "accept-version": "1",
}
"""What is typed into every page's form: enough that a command behind it would be reached."""


@dataclass
class World:
    """A city with somebody's things in it."""

    city: City
    things: dict[str, dict[str, str]] = field(default_factory=dict)
    """Whose → path parameter → id."""
    token: str = ""
    """The code that the owner shows: whoever sees it knows of it."""
    code: str = ""
    """The check code of a licence: whoever holds the paper knows it."""
    registers: dict[str, str] = field(default_factory=dict)
    """Templates, sheets, samples of the department `small.OFFICE`, by path parameter."""
    answers: dict[str, dict[tuple[str, str, str], Any]] = field(default_factory=dict)
    """Persona → what was asked → the answer."""

    @cached_property
    def _message(self) -> str:
        return str(undelivered(limit=1)[0].id)

    @cached_property
    def api_body(self) -> dict[str, Any]:
        """The errand as one call of the API."""
        return small.api_body(self.city)

    @cached_property
    def _authority(self) -> str:
        return authorities()[0].digest

    def parameters(self, whose: str) -> dict[str, str]:
        """A value for every path parameter there is. Keep in step with the routes: a parameter that
        is not here makes the tests fail, and this is where it is added."""
        known = {
            "item": "health-check",
            **{"policy": "charging-construction-dedicated", "rules": "evaluation-firms"},
            "event": small.EVENT,
            "life_event": small.EVENT,
            "digest": self.city.release.digest,
            "message": self._message,
            "action": "accept",
            "token": self.token,
            "code": self.code,
            "form": "pdf",
            "fingerprint": self._authority,
            "province_code": PROVINCE_CODE,
            **around_settlements.OF_ALL,
            **self.registers,
        }
        nothing = {
            **{
                "item": "no-such-item",
                **{"policy": "no-such-policy", "rules": "no-such-rules"},
                "event": "no-such-event",
                "life_event": "no-such-event",
            },
            **{"digest": "0" * 64, "message": "999999", "action": "accept", "token": "0" * 43},
            "fingerprint": "0" * 64,
            "province_code": "no-such-code",
            **dict.fromkeys(("material", "version", "sheet", "sampling"), "no-such-thing"),
            **dict.fromkeys(("target", "finding", "order"), "999999"),
            **{"code": "0000-0000-0000-0000", "form": "pdf"},
            **NO_REPORT,
            **{"settled": "no-such-policy", "month": "0000-00", "photo": "999999"},
            **dict.fromkeys(("ledger_entry", "good_case", "register"), "no-such-thing"),
            **NO_RESOURCE,
        }
        return {**(nothing if whose == MISSING else known), **self.things[MISSING], **self.things[whose]}


def make_world() -> World:
    """The world, in the transaction that is open."""
    city = small.build()
    world = World(city, registers=around_licences(city) | around_waivers(city) | around_catalogue(city))
    nothing = "0" * 26
    ids = {
        "application": f"a_{nothing}",
        "case": f"i_{nothing}",
        "file": f"file_{nothing}",
        "notice": "999999",
        **dict.fromkeys(("licence", "record"), f"l_{nothing}"),
        "showing": f"show_{nothing}",
        "authorisation": f"grant_{nothing}",
        "use": f"use_{nothing}",
        "signing_id": f"sgn_{nothing}",
        "seal": f"seal_{nothing}",
        "seal_use": f"use_{nothing}",
        "paper": f"file_{nothing}",
        "e_material": f"em_{nothing}",
        **{"data_batch": f"batch_{nothing}", "part": "1"},
        **{"usable_grant": f"dg_{nothing}", "call_receipt": f"call_{nothing}"},
        "data_client": f"client_{nothing}",
        **around_objections.NOTHING,
        **around_benefits.MISSING,
        **around_commitments.MISSING,
        **around_credit.MISSING,
        **around_settlements.MISSING,
        **around_firms.MISSING,
        **around_policies.MISSING,
        **NOT_ASKED,
    }
    world.things[MISSING] = ids | NO_MATTER | {"case_id": ids["case"], "file_id": ids["file"]}
    stage = stage_of(city)
    world.things[DRAFT] = _draft(city, "owner", city["owner"].id) | sealed_thing(stage, 1)
    for whose, persona, subject in ((OWN, "owner", city["owner"].id), (FIRM, "agent", city.firm)):
        found = _draft(city, persona, subject)
        casework.submit(city[persona], found["application"], key=f"matrix-{persona}")
        case = small.item_of(city, found["application"])
        notice = str(box([city[persona].id])[0].id)
        world.things[whose] = found | {"case": case, "case_id": case, "notice": notice}
        world.things[whose] |= _shown(world, persona, subject)
        world.things[whose] |= kept_thing(city, subject, found["application"], found["file"])
        world.things[whose] |= sealed_thing(stage, len(world.things))
    world.things[FIRM] |= around_benefits.around_benefits(city)
    applied = world.things[FIRM]["application"]
    world.things[FIRM] |= around_commitments.around_commitments(city, applied)
    world.things[FIRM] |= around_credit.around_credit(city, stage)
    world.things[FIRM] |= around_settlements.around_settlements(city)
    world.things[FIRM] |= around_firms.around_firms(city)
    world.things[OWN] |= around_security(city)
    world.registers |= on_record(city, world.things[OWN]["supervision"])
    world.things[OWN] |= asked_things(city)
    world.things[OWN] |= around_objections.objected(city)
    world.things[OWN] |= around_policies.around_policies(city)
    world.things[OWN]["signing_id"] = sign_something(city["owner"], world.things[OWN]["application"])
    return world


def _shown(world: World, persona: str, subject: str) -> dict[str, str]:
    """A licence of somebody's that is being shown, and one that a clerk was allowed to use, and did."""
    city, actor = world.city, world.city[persona]
    licence = next(one.public_id for one in held_by({subject}) if one.material == "id-card")
    record = issued_by_office(small.OFFICE, small.HERE, subject)
    world.code = world.code or licence_view(record).check_code
    showing = present.begin_showing(actor, licence, "adult-proof")
    world.token = world.token or present.fresh_code(actor, showing).token
    asked = present.NewAuthorisation([licence], "counter-errand", small.HERE)
    used = present.use_by_code(city[CLERK], present.authorise(actor, asked).code, subjects=[subject])
    fresh = present.authorise(actor, asked).public_id
    return {"record": record, "licence": licence, "showing": showing, "authorisation": fresh, "use": used}


def _draft(city: City, persona: str, subject: str) -> dict[str, str]:
    application = small.draft(city, persona, subject=subject)
    file = casework.attach_file(city[persona], application, "id-card", name="证.pdf", content=small.pdf())
    return {"application": application, "file": file, "file_id": file}
