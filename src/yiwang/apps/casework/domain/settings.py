# SPDX-License-Identifier: Apache-2.0
"""Figures of casework that no source gives: settings of the definitions, each with its reason."""

from __future__ import annotations

from decimal import Decimal

from yiwang.engines import definitions
from yiwang.engines.definitions import Catalogue
from yiwang.engines.definitions.citing import cite_words
from yiwang.kernel.workdays import Limit, Unit

CORRECTION = "correction-lapse-days"
CORRECTION_REMINDER = "correction-remind-days"
PROMISE_REMINDER = "deferral-remind-days"
SUPPLIED_INTAKE = "supplied-intake-days"
DELIVERY_PRESSES = "delivery-presses-days"
LAPSED_PROMISE_STOPS_GRANT = "deferral-lapse-stops-grant"
REMEDY = "remedy"
E_MATERIAL_BASIS = "e-material-basis"
ARCHIVE_YEARS = "archive-retention-years"
DECLARATION = "declaration"

_WORKING = "工作日"


def setting(catalogue: Catalogue, name: str) -> int | Decimal | bool | str:
    """The value of a setting. Raises Unavailable when the release does not hold it."""
    return definitions.setting(catalogue, name).value


def limit_of(catalogue: Catalogue, name: str) -> Limit:
    """A setting that is a number of days: working days if its unit says so, else calendar days.

    Raises Unavailable when the release does not hold it.
    """
    value = setting(catalogue, name)
    unit = Unit.WORKING if catalogue.settings[name].unit == _WORKING else Unit.CALENDAR
    return Limit(Decimal(str(value)), unit)


def archive_source(catalogue: Catalogue) -> str:
    """By which rule archive packages are kept as long as they are, in words.

    Raises Unavailable when the release does not hold the setting.
    """
    setting(catalogue, ARCHIVE_YEARS)
    cite = catalogue.settings[ARCHIVE_YEARS].cite
    return cite_words(catalogue, cite) if cite else "本市自行设定"
