# SPDX-License-Identifier: Apache-2.0
"""What the definitions in force say of a licence: its template, identifier and date for the seal.

A licence is put on record whatever is missing in the definitions: then the template is the general
layout, the identifier is empty, no date runs.
"""

from __future__ import annotations

import datetime as dt

from yiwang.apps.catalogue.public import OpenRelease, current
from yiwang.engines.definitions.kinds import Template
from yiwang.engines.process.lights import Light, light_of
from yiwang.engines.process.rules import ClockRules
from yiwang.kernel.errors import NotFound, Unavailable

from .domain.identifiers import make_identifier

SEAL_LIMIT = "licence_seal"
BASIS = "e-licence-basis"
"""The setting that says by which law e-licences are used in place of paper; without it, none counts."""


def in_force() -> OpenRelease | None:
    """The release in force, if there is one."""
    try:
        return current()
    except Unavailable:
        return None


def identifier_of(
    opened: OpenRelease | None, template: Template | None, *, issuer: str, number: str, version: int
) -> str:
    """The national identifier (GB/T 36904), when type and issuing body have their codes; else empty."""
    org = opened.catalogue.orgs.get(issuer) if opened else None
    type_code = template.type.type_code if template else None
    if type_code is None or org is None or org.code is None:
        return ""
    return str(make_identifier(type_code=type_code, issuer=org.code, serial=number, version=version))


def seal_due(opened: OpenRelease | None, made_on: dt.date) -> dt.date | None:
    """The last day for the seal of a licence whose paper was made on a day; None when no limit is in
    force (豫数政办〔2023〕3号: 2 working days)."""
    rules = _seal_rules(opened, made_on)
    return opened.calendar.due(made_on, rules.limit).date if opened and rules and rules.limit else None


def seal_light(due: dt.date | None, today: dt.date) -> Light:
    """The light of a licence that awaits its seal: red on the last day, then late. The limit is
    shorter than the days at which cases turn yellow."""
    return light_of(due, None, due, today)


def _seal_rules(opened: OpenRelease | None, day: dt.date) -> ClockRules | None:
    try:
        return opened.clocks.rules(SEAL_LIMIT, on=day) if opened else None
    except NotFound:
        return None


def basis_in_force() -> str:
    """The law by which e-licences are used, as the journal's entries name it."""
    opened = in_force()
    setting = opened.catalogue.settings.get(BASIS) if opened else None
    return str(setting.value) if setting else "电子证照的管理和使用"
