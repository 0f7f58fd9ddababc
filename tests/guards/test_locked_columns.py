# SPDX-License-Identifier: Apache-2.0
"""Columns in which people's data may lie are locked, or listed here with the reason why not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from django.apps import apps
from django.db import models

from yiwang.apps.vault.public import Locked

OWN = "yiwang.apps."
TELLING = re.compile(
    r"name$|number|phone|mobile|email|contact|address|birth|words|^text$|body|title|values?$|says|reason|why"
    r"|remark|note|content|document|picture|^der$|form$|answers|payload|detail|finding|line$|description|message"
)
PLAIN: dict[str, str] = {
    "names of people stand in the journal's chain, which must stay readable to be proven": """
        identity.Person.name identity.Officer.name signatures.Signature.name data_security.Administrator.name
        *.actor_name *.by_name *.given_by_name *.drawn_name *.given_name *.asked_name *.answered_name
        *.caller_name *.clerk_name""",
    "a firm's register entry is public": "identity.Firm.name identity.Firm.address",
    "found at every log-in; chosen by its owner, no number is asked for": "identity.Account.username",
    "a digest": "licences.LicenceEvent.content",
    "what a token is for, in its owner's words": "identity.ApiToken.name",
    "the journal's chain is proven over it; no room writes a number, a telephone or a value into it": """
        journal.Entry.purpose journal.Entry.basis journal.Entry.detail journal.DaySeal.signature
        journal.OutboxMessage.payload""",
    "seals of units, and of officers signing in office, are made to be shown on every paper": "seals.*",
    "departments' work on kinds of data, services and rules: no person's data": """
        catalogue.* waivers.* exchange.* licences.StockTarget.* licences.Sampling.*
        commitments.ProofList.* commitments.ListStep.*
        licences.TemplateVersion.* quality.Task.* quality.QualityRun.* quality.Finding.says gateway.Batch.*
        gateway.Source.* gateway.SourceHealth.* gateway.Client.* licences.StockSheet.* benefits.Roster.*
        benefits.Run.* benefits.Statement.* credit.Bulletin.figures
        credit.EvaluationRun.classes credit.Consultation.*""",
    "printed on the licence, searched, unique; verification asks by it": "licences.Licence.number",
    "shown to whoever verifies the licence": """
        licences.Licence.standing_reason licences.LicenceEvent.reason licences.LicenceEvent.basis
        licences.ReceivedFile.words""",
    "says what is wrong and how to mend it; what was typed is never repeated": """
        licences.StockProblem.* licences.FlowBackProblem.* licences.Trial.fault
        journal.OutboxMessage.last_error
        gateway.Call.why gateway.RefusedAttempt.why
        lookups.Lookup.reason""",
    "an inspector's finding about the licence as a paper": "licences.SampledLicence.*",
    "the name of a kind of material": "materials.EMaterial.name",
    "public ids, names of kinds, digests": """
        credit.Check.effects
        commitments.Letter.items commitments.Check.licences commitments.Look.receipts
        materials.EMaterial.files casework.Document.files quality.Objection.files presentment.*.licences
        casework.Decision.results casework.ArchivePackage.results casework.Delivery.items
        casework.ItemCase.waits_for casework.Application.choice lookups.Consent.* lookups.Lookup.answered
        casework.Application.number signatures.Signing.title signatures.Signing.document_name
        gateway.Call.* firms.FirmRequest.number firms.FirmRequest.files""",
    "officers acting in office, whom the firm they serve knows by name": """
        firms.Turn.ended_name firms.ServiceOfficer.name""",
    "goes out as a text message, so it names no number and no reason": "notices.Notice.title",
    "the same words for everybody": "casework.Declaration.words casework.Decision.remedy",
    "by which class of the definition it is checked": "commitments.Check.why",
    "an officer's words about the procedure: days, places": """
        casework.ClockRow.reason casework.Handover.words quality.Round.* benefits.Objection.answer
        firms.Turn.returned""",
    "a street or village": "benefits.Station.name",
    "a number for the household's purchases, not a person's": "benefits.Enrolment.number",
    "public ids of photographs": "benefits.Sheet.photos",
    "one of a few sentences about limits, the same for everybody": "benefits.Line.why",
    "masked keys and blind indexes": "quality.Finding.samples",
    "an organisation's duties kept as a ledger, about units and not about people": "data_security.*",
    "who exported, never what": "vault.ExportMark.line",
    "the network address of a refused call, needed to stop it": "gateway.RefusedAttempt.address",
}
"""Why a column lies in plain: the columns, `*` for anything."""


def telling() -> Iterator[tuple[str, bool]]:
    """Every column that by its sort or name may hold a person's data, and whether it is locked."""
    for model in apps.get_models():
        if not model.__module__.startswith(OWN):
            continue
        for field in model._meta.local_concrete_fields:
            large = isinstance(field, (models.JSONField, models.TextField, models.BinaryField))
            text = isinstance(field, models.CharField) and not field.choices
            length = (field.max_length or 0) if text else 0
            named = TELLING.search(field.name) and (length > 10 or isinstance(field, models.DateField))
            locked = isinstance(field, Locked)
            if locked or large or length >= 300 or (named and not isinstance(field, models.DateTimeField)):
                yield f"{model._meta.label}.{field.name}", locked


def test_there_are_locked_columns() -> None:
    locked = {name for name, is_locked in telling() if is_locked}
    assert {
        "identity.Person.id_number", "identity.Person.phone", "identity.Person.address",
        "casework.Application.form", "casework.Application.answers", "casework.Application.plan",
        "casework.Declaration.form", "licences.Licence.fields", "licences.LicenceEvent.facts",
        "notices.Notice.body", "materials.File.name", "signatures.Signing.document",
    } <= locked  # fmt: skip


def test_every_telling_column_is_locked_or_has_its_reason() -> None:
    patterns = [pattern for listed in PLAIN.values() for pattern in listed.split()]
    open_ones = [name for name, locked in telling() if not locked]
    assert [one for one in open_ones if not any(fnmatchcase(one, each) for each in patterns)] == []


def test_no_reason_is_kept_for_a_column_that_is_gone() -> None:
    names = [name for name, locked in telling() if not locked]
    rooms = {model._meta.app_label for model in apps.get_models()}
    stale = [
        pattern
        for listed in PLAIN.values()
        for pattern in listed.split()
        if (pattern.partition(".")[0] in rooms or pattern.startswith("*"))
        and not any(fnmatchcase(name, pattern) for name in names)
    ]
    assert stale == []


def test_an_identity_number_has_no_column_of_its_own_in_plain() -> None:
    suspicious = re.compile(r"id_?(number|card|no)$|phone|mobile")
    assert [name for name, locked in telling() if not locked and suspicious.search(name)] == []
