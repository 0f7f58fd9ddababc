# SPDX-License-Identifier: Apache-2.0
"""Tables of benefits without application: rosters, runs, claims, payments, objections; a year's budget."""

from __future__ import annotations

from django.db import models

from yiwang.apps.vault.public import EncryptedJSONField, EncryptedTextField

from ..domain.states import State


class Roster(models.Model):
    """A list of subjects with facts that a department vouches for (认定名单). Reviewed by a second officer;
    a reviewed one never changes."""

    public_id = models.CharField(max_length=40, unique=True)
    org = models.CharField(max_length=60)
    title = models.CharField(max_length=120)
    valid_from = models.DateField()
    valid_to = models.DateField()
    digest = models.CharField(max_length=64, help_text="SM3 of the file handed in")
    columns = models.JSONField(default=list, help_text="名单里有哪些数据项")
    handed_in_by = models.CharField(max_length=80)
    handed_in_at = models.DateTimeField()
    reviewed_by = models.CharField(max_length=80, blank=True)
    reviewed_at = models.DateTimeField(null=True)
    refused = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["reviewed_at", "valid_to"])]


class RosterRow(models.Model):
    """What a roster says of one subject, by the names used in rules."""

    roster = models.ForeignKey(Roster, on_delete=models.PROTECT, related_name="rows")
    subject = models.CharField(max_length=40, db_index=True)
    facts = EncryptedJSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["roster", "subject"], name="benefits_row_once")]


class Run(models.Model):
    """One match of policies over everybody. Its row is locked while what it found is written."""

    class What(models.TextChoices):
        """Which policies: those given without application, or those one has to apply for."""

        CLAIMS = "claims", "免申即享"
        UNCLAIMED = "unclaimed", "应享未享"

    what = models.CharField(max_length=10, choices=What, default=What.CLAIMS)
    day = models.DateField()
    basis = models.CharField(
        max_length=64, help_text="digest of release and rosters: nothing new, no new run"
    )
    began_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    totals = models.JSONField(default=dict)
    problems = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["what", "day", "basis"], name="benefits_run_once")]


class Claim(models.Model):
    """A benefit found for somebody. Its row is the lock for every change of it."""

    public_id = models.CharField(max_length=40, unique=True)
    policy = models.CharField(max_length=80)
    release = models.CharField(max_length=64)
    subject = models.CharField(max_length=40, db_index=True)
    period = models.CharField(max_length=10, help_text="the year, or 一次")
    fen = models.BigIntegerField()
    state = models.CharField(max_length=12, choices=[(state.value, state.term) for state in State])
    because = EncryptedJSONField(default=dict, help_text="the facts it rests on")
    account = EncryptedJSONField(null=True)
    confirmed_by = models.CharField(max_length=80, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    hindered = models.CharField(max_length=10, blank=True, help_text="credit, budget, or nothing")
    hindrance = EncryptedJSONField(null=True)
    found_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    reminded = models.PositiveSmallIntegerField(default=0)
    reminded_at = models.DateTimeField(null=True)
    shown_until = models.DateField(null=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    receipt = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["policy", "subject", "period"], name="benefits_claim_once"),
        ]
        indexes = [models.Index(fields=["state", "changed_at"])]


class Payment(models.Model):
    """A payment order. `key` is what the treasury tells a repeated order by."""

    key = models.CharField(max_length=60, unique=True)
    policy = models.CharField(max_length=80)
    claim = models.ForeignKey(Claim, null=True, on_delete=models.PROTECT, related_name="payments")
    payout = models.ForeignKey(
        "benefits.Payout", null=True, on_delete=models.PROTECT, related_name="payments"
    )
    payee = models.ForeignKey("benefits.Payee", null=True, on_delete=models.PROTECT, related_name="payments")
    fen = models.BigIntegerField()
    ordered_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    receipt = models.CharField(max_length=80, blank=True)
    refused = models.CharField(max_length=200, blank=True)
    mismatch = models.CharField(max_length=200, blank=True, help_text="对账发现的问题")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(claim=None) ^ models.Q(payout=None), name="benefits_payment_for_one"
            ),
        ]


class BudgetYear(models.Model):
    """A policy's money of one year. Its row is the lock while somebody is served from it."""

    policy = models.CharField(max_length=80)
    year = models.PositiveSmallIntegerField()
    closed_at = models.DateTimeField(null=True, help_text="shared out; nobody else is served this year")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["policy", "year"], name="benefits_year_once")]


class Statement(models.Model):
    """A day's statement of the treasury that was compared with our orders, and what did not agree."""

    day = models.DateField(unique=True)
    read_at = models.DateTimeField()
    problems = models.JSONField(default=list)


class Objection(models.Model):
    """Somebody says that a claim is wrong, or that one is missing (申诉、公示异议)."""

    public_id = models.CharField(max_length=40, unique=True)
    claim = models.ForeignKey(Claim, null=True, on_delete=models.PROTECT, related_name="objections")
    policy = models.CharField(max_length=80)
    by = models.CharField(max_length=80)
    words = EncryptedTextField()
    raised_at = models.DateTimeField()
    due_on = models.DateField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=80, blank=True)
    upheld = models.BooleanField(null=True)
    answer = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["by", "policy"],
                condition=models.Q(answered_at=None),
                name="benefits_one_open_objection",
            ),
        ]
