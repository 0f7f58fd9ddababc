# SPDX-License-Identifier: Apache-2.0
"""What was declared and signed with a submission, as the applicant and officers see it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from yiwang.apps.journal.public import entry_in
from yiwang.kernel.actor import Actor, ActorKind
from yiwang.kernel.errors import NotFound

from . import queries
from .models import Application, Declaration, SignedHow


@dataclass(frozen=True)
class DeclarationView:
    """A declaration. `form` is the application form as it was handed in, `digest` its SM3; `entry`: the
    row of the journal that names it; `signing`: the electronic signature on it, if there is one."""

    words: str
    form: bytes
    digest: str
    signed_how: str
    signed_term: str
    signing: str
    at: dt.datetime
    entry: int


@transaction.atomic
def declaration_of(actor: Actor, public_id: str) -> DeclarationView:
    """What was declared with an application, for the applicant and who acts for them. Raises NotFound,
    for officers too: what they need is in their own views."""
    found, _ = queries.application_for(actor, public_id)
    if actor.kind not in (ActorKind.PERSON, ActorKind.SYSTEM):
        raise queries.NoSuchCase
    return _view(found)


def _view(found: Application) -> DeclarationView:
    row = Declaration.objects.filter(application=found).first()
    entry = entry_in(f"case:{found.public_id}", "application.submitted")
    if row is None or entry is None:
        raise NotFound("这份申请还没有提交。", mend="提交以后才有申请表和存证。")
    return DeclarationView(
        words=row.words,
        form=row.form.encode(),
        digest=row.digest,
        signed_how=row.signed_how,
        signed_term=SignedHow(row.signed_how).label,
        signing=row.signing,
        at=row.at,
        entry=entry,
    )
