# SPDX-License-Identifier: Apache-2.0
"""The door of data security (政务数据安全) and use analysis (应用分析).

1. A unit `appoint`s its administrator, keeps `Register`s (`enter`), reads its log (`read_log`, logged too).
2. The timer `look_after_data_security` raises alerts of unusual access; the administrator answers each.
3. Anybody in a unit enters what they found (`find_incident`); it moves by `INCIDENT_MOVES`.
4. Supervising bodies open cases; they move by `CASE_MOVES`; notice and deduction are one ledger entry.
5. `use_report` reads daily sums that the timer keeps; units `nominate` good cases, the bureau chooses.
"""

from __future__ import annotations

from .commands.administrators import appoint, dismiss
from .commands.alerts import answer_harmless, answer_incident
from .commands.good_cases import judge, nominate, publish
from .commands.incidents import NewIncident, find_incident, move_incident
from .commands.ledger import take_back
from .commands.logging import LOG_READERS, LogPage, LogQuery, read_log
from .commands.opening import Opening, check_opening
from .commands.registers import enter
from .commands.rolling import roll_up
from .commands.supervision import CaseMove, NewCase, move_case, open_case
from .commands.timers import look_after_data_security
from .commands.use_export import export_use
from .domain.moves import CASE_MOVES, INCIDENT_MOVES, CaseState, IncidentState, Move
from .domain.powers import homes_of, is_bureau, manages, units_of
from .domain.registers import Register
from .domain.settings import OPEN_AT_LEAST
from .domain.use import Evaluation, Figures
from .domain.words import AlertState, GoodCaseState, IncidentKind, Stage
from .parts import may_supervise_anybody, open_at_least, supervised_by
from .plugs import use_people, use_savings
from .queries.matters import AlertView, IncidentView, alert, alerts, incident, incidents
from .queries.supervision import CaseView, LedgerLine, Total, case, cases, may_take_back, notices, totals
from .queries.units import Candidate, LineView, UnitView, candidates, register_lines, unit, units
from .queries.use import GoodCaseView, Period, UseReport, good_cases, use_report

__all__ = [
    "CASE_MOVES",
    "INCIDENT_MOVES",
    "LOG_READERS",
    "OPEN_AT_LEAST",
    "AlertState",
    "AlertView",
    "Candidate",
    "CaseMove",
    "CaseState",
    "CaseView",
    "Evaluation",
    "Figures",
    "GoodCaseState",
    "GoodCaseView",
    "IncidentKind",
    "IncidentState",
    "IncidentView",
    "LedgerLine",
    "LineView",
    "LogPage",
    "LogQuery",
    "Move",
    "NewCase",
    "NewIncident",
    "Opening",
    "Period",
    "Register",
    "Stage",
    "Total",
    "UnitView",
    "UseReport",
    "alert",
    "alerts",
    "answer_harmless",
    "answer_incident",
    "appoint",
    "candidates",
    "case",
    "cases",
    "check_opening",
    "dismiss",
    "enter",
    "export_use",
    "find_incident",
    "good_cases",
    "homes_of",
    "incident",
    "incidents",
    "is_bureau",
    "judge",
    "look_after_data_security",
    "manages",
    "may_supervise_anybody",
    "may_take_back",
    "move_case",
    "move_incident",
    "nominate",
    "notices",
    "open_at_least",
    "open_case",
    "publish",
    "read_log",
    "register_lines",
    "roll_up",
    "supervised_by",
    "take_back",
    "totals",
    "unit",
    "units",
    "units_of",
    "use_people",
    "use_report",
    "use_savings",
]
