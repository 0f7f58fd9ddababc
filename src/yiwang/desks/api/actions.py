# SPDX-License-Identifier: Apache-2.0
"""A move named in a request → the command that makes it: one table for office pages and API."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation

from yiwang.apps.casework import public as casework
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Invalid, NotFound

from .schemas import ActionIn

Act = Callable[[Actor, str, ActionIn], list[str] | None]


def _ask(actor: Actor, case: str, g: ActionIn) -> None:
    points = [casework.Point(p.get("target", ""), p.get("what", "")) for p in g.points]
    casework.ask_correction(actor, case, points, version=g.version)


def _extend(actor: Actor, case: str, g: ActionIn) -> None:
    try:
        days = Decimal(g.days)
    except InvalidOperation:
        raise Invalid("延长的天数不对。", mend="请写数字，例如 10。", field="days") from None
    casework.extend(actor, case, days=days, reason=g.reason, version=g.version)


def _plan_visit(actor: Actor, case: str, g: ActionIn) -> None:
    visit = casework.case_view(actor, case).visit
    if visit is None or g.on is None:
        raise Invalid("没有现场踏勘，或没有写日期。", mend="请写明踏勘日期（on）。", field="on")
    casework.plan_visit(actor, visit.id, on=g.on)


def _finding(actor: Actor, case: str, g: ActionIn) -> None:
    if g.passed is None:
        raise Invalid("没有写踏勘是否合格。", mend="请写 passed: true 或 false。", field="passed")
    casework.record_finding(actor, case, passed=g.passed, words=g.opinion, version=g.version)


ACTIONS: dict[str, Act] = {
    "accept": lambda a, c, g: casework.accept(a, c, version=g.version),
    "ask_correction": _ask,
    "refuse_acceptance": lambda a, c, g: casework.refuse_acceptance(
        a, c, reason=g.reason, basis=g.basis, version=g.version
    ),
    "hand_over": lambda a, c, g: casework.hand_over(
        a, c, to_place=g.to_place, words=g.reason, version=g.version
    ),
    "begin_compliance_review": lambda a, c, g: casework.begin_review(a, c, version=g.version),
    "pass_compliance": lambda a, c, g: casework.pass_compliance(a, c, opinion=g.opinion, version=g.version),
    "propose_decision": lambda a, c, g: casework.propose(a, c, opinion=g.opinion, version=g.version),
    "propose_at_once": lambda a, c, g: casework.propose(a, c, opinion=g.opinion, version=g.version),
    "begin_special": lambda a, c, g: casework.begin_special(
        a, c, step=g.step, basis=g.basis, version=g.version
    ),
    "end_special": lambda a, c, g: casework.end_special(a, c, opinion=g.opinion, version=g.version),
    "plan_visit": _plan_visit,
    "record_finding": _finding,
    "extend": _extend,
    "send_back": lambda a, c, g: casework.send_back(a, c, reason=g.reason, version=g.version),
    "grant": lambda a, c, g: casework.grant(a, c, opinion=g.opinion, states=g.states, version=g.version),
    "refuse": lambda a, c, g: casework.refuse(a, c, reason=g.reason, basis=g.basis, version=g.version),
    "terminate": lambda a, c, g: casework.terminate(a, c, reason=g.reason, basis=g.basis, version=g.version),
}


def act(actor: Actor, case: str, action: str, given: ActionIn) -> list[str]:
    """Make one move; returns the public ids of results, if any. Raises NotFound for an unknown action."""
    if action not in ACTIONS:
        raise NotFound(f"没有“{action}”这个办理动作。", mend=f"可用的动作：{'、'.join(ACTIONS)}。")
    return ACTIONS[action](actor, case, given) or []
