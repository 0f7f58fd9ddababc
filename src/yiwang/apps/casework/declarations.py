# SPDX-License-Identifier: Apache-2.0
"""What was declared and signed with a submission, as the applicant and officers see it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from yiwang.apps.journal.public import entry_in
from yiwang.apps.signatures.public import signed_document
from yiwang.kernel.actor import Actor, ActorKind, system
from yiwang.kernel.errors import NotFound

from . import queries
from .domain.application_form import FILE_NAME
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


def signed_how(found: Application) -> str:
    """How the application form is signed, in words for officers; "" when nothing asked for it."""
    row = Declaration.objects.filter(application=found).values_list("signed_how", flat=True).first()
    if row is None or row == SignedHow.NOT_ASKED.value:
        return ""
    return str(SignedHow(row).label)


def declared_files(found: Application) -> dict[str, tuple[bytes, str]]:
    """The application form and, if it was signed electronically, the signature on it, for the archive:
    file name → (content, what it is)."""
    row = Declaration.objects.filter(application=found).first()
    if row is None:
        return {}
    files = {FILE_NAME: (row.form.encode(), "提交时的申请表和声明")}
    if row.signing:
        der = signed_document(system("归档"), row.signing).der
        files["application-form.signature.der"] = (der, "申请人在申请表上的电子签名（GB/T 38540）")
    return files


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
