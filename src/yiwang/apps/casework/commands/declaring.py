# SPDX-License-Identifier: Apache-2.0
"""What the applicant declares before submitting, and signs where an item asks for it.

The application form is written down as one text (`domain.application_form`); the declaration stands
in it, the electronic signature is over its exact bytes, the journal's entry names its digest. Whoever
does not sign electronically signs on paper, at the counter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from yiwang.apps.catalogue.public import OpenRelease
from yiwang.apps.identity.public import names
from yiwang.apps.materials.public import describe
from yiwang.apps.signatures.public import ToSign, sign, signed_by
from yiwang.engines.definitions.kinds.items import SignatureUse
from yiwang.engines.definitions.spoken import spoken
from yiwang.engines.planning import AnswerSource, Plan, Supply
from yiwang.engines.sealing import sm3
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, Invalid

from ..domain.application_form import FILE_NAME, DeclarationText, FormContent, Paper, form_text
from ..domain.documents import Handed, resolved
from ..domain.settings import DECLARATION, setting
from ..evidence import Outlook
from ..models import Declaration, Document, SignedHow
from ._completeness import Problem, handed_of, versions_signed
from ._context import Context
from ._planning import plan_of
from .drafts import draft_of

SIGNATURE = "signature"
"""The place of a missing signature among the problems of a draft."""
_DELIVERIES = {"electronic": "电子送达", "counter": "窗口领取", "courier": "邮寄"}


@dataclass(frozen=True)
class Declared:
    """What the applicant said on the last page before submitting.

    Attributes:
        version: of the declaration's words that were shown (`DeclarationText.version`).
        signing: how the form is signed where an item asks for it: `electronic` or `paper`.
    """

    version: str
    signing: str = SignedHow.PAPER.value


def declaration_text(release: OpenRelease) -> DeclarationText:
    """The words to declare under this release."""
    return DeclarationText(str(setting(release.catalogue, DECLARATION)))


def asks_signature(release: OpenRelease, planned: Plan) -> list[SignatureUse]:
    """What the items of the plan say of a signature on the application form; empty when none asks."""
    items = [release.catalogue.items[one.id] for one in planned.included]
    return [item.signature for item in items if item.signature is not None]


@dataclass(frozen=True)
class FormToSign:
    """The application form as it stands, for reading before it is signed.

    `level`: the least level of login; `signed`: the public id of the signature on exactly this form.
    """

    text: str
    digest: str
    uses: Sequence[SignatureUse]
    level: int
    signed: str


@transaction.atomic
def form_to_sign(actor: Actor, application_id: str) -> FormToSign:
    """The form of a draft. Raises NotFound, Conflict once it is submitted, NotEligible."""
    context = draft_of(actor, application_id)
    outlook = plan_of(context)
    form, uses = form_of(context, outlook), asks_signature(context.release, outlook.plan)
    signed = signed_by(context.application.agent, application_id, form)
    return FormToSign(
        text=form.decode(),
        digest=sm3(form).hex(),
        uses=uses,
        level=max((use.level for use in uses), default=0),
        signed=signed.public_id if signed else "",
    )


def sign_form(actor: Actor, application_id: str, *, digest: str, passphrase: str, method: str) -> str:
    """The applicant signs the form that was shown; returns the signing's public id.

    Args:
        digest: of the form that was shown. method: how the signer logged in.

    Raises Conflict when the form has changed since; what `signatures.sign` raises.
    """
    shown = form_to_sign(actor, application_id)
    if shown.digest != digest:
        raise Conflict("申请表的内容刚刚有变化。", mend="请重新看一遍再签名。")
    wanted = ToSign(shown.text.encode(), FILE_NAME, "申请表", application_id, shown.level)
    return sign(actor, wanted, passphrase=passphrase, method=method)


def declared_now(context: Context, outlook: Outlook, given: Declared | None) -> Declaration | list[Problem]:
    """The declaration to keep with the submission, not saved yet; or what is missing.

    Called before anything of the draft is settled, so that the form is the one that was shown. Raises
    Conflict when the words have changed, Invalid for an unknown way of signing.
    """
    text = declaration_text(context.release)
    if given is not None and given.version != text.version:
        raise Conflict("声明的内容有变化。", mend="请重新看一遍再提交。")
    form = form_of(context, outlook, declared=given is not None)
    how, signing = SignedHow.NOT_ASKED.value, ""
    if asks_signature(context.release, outlook.plan):
        how = given.signing if given is not None else SignedHow.PAPER.value
        if how not in (SignedHow.ELECTRONIC.value, SignedHow.PAPER.value):
            raise Invalid(
                "请选择怎样签名。", mend="可以电子签名，也可以到窗口在纸质表上签。", field=SIGNATURE
            )
    if how == SignedHow.ELECTRONIC.value:
        found = signed_by(context.application.agent, context.application.public_id, form)
        if found is None:
            return [(SIGNATURE, "请在申请表上签名；签名以后又改过内容的，要重新签")]
        signing = found.public_id
    return Declaration(
        application=context.application,
        version=text.version if given is not None else "",
        words=text.words if given is not None else "",
        form=form.decode(),
        digest=sm3(form).hex(),
        signed_how=how,
        signing=signing,
        at=context.now,
        by=context.actor.id,
    )


def form_of(context: Context, outlook: Outlook, *, declared: bool = True) -> bytes:
    """The application form as the draft stands."""
    application, catalogue, planned = context.application, context.release.catalogue, outlook.plan
    called = names({application.subject, application.agent})
    return form_text(
        FormContent(
            application=application.public_id,
            errand=catalogue.life_events[application.life_event].name,
            items=[f"{item.name}（{item.department}）" for item in planned.included],
            applicant=called[application.subject],
            agent=called[application.agent],
            place=catalogue.places[application.handling_place].name,
            answers=_answers(context, planned),
            values=_values(context, outlook),
            papers=_papers(context, planned),
            delivery=f"{_DELIVERIES.get(application.delivery, '')} {application.delivery_address}".strip(),
            declaration=declaration_text(context.release)
            if declared
            else DeclarationText("（由系统接口提交，未单独作出。）"),
        )
    )


def _answers(context: Context, planned: Plan) -> list[tuple[str, str]]:
    elements = context.release.catalogue.elements
    on_form = {field.element for field in planned.form.fields}
    return [
        (elements[one].name, spoken(context.release.catalogue, elements[one], raw))
        for one, raw in sorted(context.application.answers.items())
        if one in elements and one not in on_form
    ]


def _values(context: Context, outlook: Outlook) -> dict[str, list[tuple[str, str]]]:
    catalogue = context.release.catalogue
    groups: dict[str, list[tuple[str, str]]] = {}
    for field in outlook.plan.form.fields:
        asked = field.source is AnswerSource.APPLICANT
        value = outlook.typed.get(field.element) if asked else field.value
        text = spoken(catalogue, catalogue.elements[field.element], value)
        if text:
            groups.setdefault(field.group, []).append((field.name, text))
    return groups


def _papers(context: Context, planned: Plan) -> list[Paper]:
    rows = {row.material: row for row in context.application.documents.all()}
    files, signed = _files(list(rows.values())), versions_signed(rows.values())
    return [
        Paper(
            line.name,
            _source(resolved(line, given := handed_of(rows.get(line.material), signed)), given),
            [
                files[one]
                for one in (rows[line.material].files if line.material in rows else [])
                if one in files
            ],
        )
        for line in planned.materials.lines
        if not line.conditional
    ]


def _source(way: Supply, given: Handed) -> str:
    """How a document comes; a letter by the text that was signed, so that the form vouches for it."""
    return f"{way.term}（承诺书文本 {given.signed}）" if way is Supply.COMMITMENT else way.term


def _files(rows: Sequence[Document]) -> dict[str, tuple[str, str]]:
    named = [one for row in rows for one in row.files]
    return {one.public_id: (one.name, one.sha256) for one in describe(named)} if named else {}
