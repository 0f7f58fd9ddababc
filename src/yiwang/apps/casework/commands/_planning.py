# SPDX-License-Identifier: Apache-2.0
"""The plan of a draft as it stands, with what is known struck out; every look is logged."""

from __future__ import annotations

from ..evidence import Asker, Errand, Outlook, plan_for
from ..models import Application
from ._context import Context


def plan_of(context: Context) -> Outlook:
    """Plan the locked draft from today on. Raises NotEligible, BoundItems, BadAnswers."""
    application = context.application
    return plan_for(
        Asker(context.actor, application.subject, application.agent, application.public_id, context.now),
        Errand(
            context.release,
            application.life_event,
            application.answers,
            context.today,
            application.choice,
            application.form,
            own_way_of(application),
        ),
    )


def own_way_of(application: Application) -> frozenset[str]:
    """The documents the applicant chose to hand in themselves."""
    return frozenset(row.material for row in application.documents.all() if row.own_way)
