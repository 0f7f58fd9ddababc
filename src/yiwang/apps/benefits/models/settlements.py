# SPDX-License-Identifier: Apache-2.0
"""Tables of settlements by period (按期结算): who is enrolled, what was recorded, sheets with their checks,
what is paid to whom, what is taken back."""

from __future__ import annotations

from django.db import models

from yiwang.apps.vault.public import EncryptedJSONField, EncryptedTextField

from ..domain.sheets import PayoutState, SheetState


class Station(models.Model):
    """A village or a street (township): the grass roots, below the counties that definitions know."""

    public_id = models.CharField(max_length=40, unique=True)
    level = models.CharField(max_length=10, choices=[("village", "村（居）"), ("township", "乡镇（街道）")])
    name = models.CharField(max_length=60)
    place = models.CharField(max_length=40)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="villages")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "level", "name"], name="benefits_station_once")
        ]


class StationOfficer(models.Model):
    """Who works for a station. Without a row here nobody does."""

    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="officers")
    officer = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["station", "officer"], name="benefits_officer_once")]


class Enrolment(models.Model):
    """A unit to which limits apply (a household, a charging pile), with the facts it was enrolled with.

    Its row is the lock for its records."""

    public_id = models.CharField(max_length=40, unique=True)
    policy = models.CharField(max_length=80)
    number = models.CharField(max_length=40, help_text="证明编号、桩编号")
    holder = models.CharField(max_length=40, db_index=True)
    place = models.CharField(max_length=40)
    station = models.ForeignKey(Station, null=True, on_delete=models.PROTECT, related_name="enrolments")
    facts = EncryptedJSONField(default=dict)
    kept = EncryptedJSONField(default=dict)
    began_on = models.DateField()
    ended_on = models.DateField(null=True)
    enrolled_by = models.CharField(max_length=80)
    enrolled_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["policy", "number"], name="benefits_enrolled_once")]


class Payee(models.Model):
    """Whom a settlement pays: a maker, an operator, or the treasury of a county it goes through.

    Its row is the lock for what is paid to it and taken back from it."""

    public_id = models.CharField(max_length=40, unique=True)
    policy = models.CharField(max_length=80)
    subject = models.CharField(max_length=40, help_text="public id of a firm or person, or place:<id>")
    account = EncryptedJSONField(null=True)
    admitted_by = models.CharField(max_length=80)
    admitted_at = models.DateTimeField()
    ended_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["policy", "subject"], name="benefits_payee_once")]


class Record(models.Model):
    """One sale or one month's reading, as reported. Withdrawn, never deleted."""

    public_id = models.CharField(max_length=40, unique=True)
    policy = models.CharField(max_length=80)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="records")
    payee = models.ForeignKey(Payee, on_delete=models.PROTECT, related_name="records")
    period = models.CharField(max_length=7)
    day = models.DateField()
    columns = EncryptedJSONField(default=dict)
    proof = models.CharField(max_length=60)
    reported_by = models.CharField(max_length=80)
    reported_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=80, blank=True)
    withdrawn_why = EncryptedTextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "proof"],
                condition=models.Q(withdrawn_at=None),
                name="benefits_proof_once",
            ),
        ]
        indexes = [models.Index(fields=["policy", "period"])]


class Sheet(models.Model):
    """What one village (or county) hands up for one period (汇总表). Its row is the lock for its steps."""

    public_id = models.CharField(max_length=40, unique=True)
    policy = models.CharField(max_length=80)
    release = models.CharField(max_length=64)
    period = models.CharField(max_length=7)
    place = models.CharField(max_length=40)
    station = models.ForeignKey(Station, null=True, on_delete=models.PROTECT, related_name="sheets")
    area = models.CharField(max_length=40, help_text="the station's public id, or the place")
    part = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=12, choices=[(one.value, one.term) for one in SheetState])
    step = models.PositiveSmallIntegerField(default=0)
    round = models.PositiveSmallIntegerField(default=1)
    shown_from = models.DateField(null=True)
    shown_until = models.DateField(null=True)
    photos = models.JSONField(default=list)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["policy", "period", "area", "part"], name="benefits_sheet_once"),
        ]
        indexes = [models.Index(fields=["policy", "state"])]


class Line(models.Model):
    """What a sheet gives for one record: below nothing when an earlier sheet gave too much."""

    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="lines")
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="lines")
    fen = models.BigIntegerField()
    why = models.CharField(max_length=200, blank=True)
    payout = models.ForeignKey("benefits.Payout", null=True, on_delete=models.PROTECT, related_name="lines")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sheet", "record"], name="benefits_line_once")]


class Check(models.Model):
    """Who did which step of a sheet, in which round, and what came of it."""

    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="checks")
    round = models.PositiveSmallIntegerField()
    step = models.PositiveSmallIntegerField()
    org = models.CharField(max_length=60)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    passed = models.BooleanField()
    words = EncryptedTextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sheet", "round", "step", "org"], name="benefits_check_once"),
        ]


class SheetObjection(models.Model):
    """Somebody says that a line being shown is wrong (公示异议): the village looks into it again."""

    public_id = models.CharField(max_length=40, unique=True)
    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="objections")
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="objections")
    by = models.CharField(max_length=80)
    words = EncryptedTextField()
    raised_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=80, blank=True)
    upheld = models.BooleanField(null=True)
    answer = EncryptedTextField(blank=True)


class Payout(models.Model):
    """What one payee is owed for one period in one county: paid once, through the treasury."""

    public_id = models.CharField(max_length=40, unique=True)
    policy = models.CharField(max_length=80)
    release = models.CharField(max_length=64)
    period = models.CharField(max_length=7)
    place = models.CharField(max_length=40)
    payee = models.ForeignKey(Payee, on_delete=models.PROTECT, related_name="payouts")
    owed_fen = models.BigIntegerField(help_text="the sum of its lines")
    offset_fen = models.BigIntegerField(default=0, help_text="kept back against what is taken back")
    fen = models.BigIntegerField(help_text="what is paid: less when a budget is shared out")
    state = models.CharField(max_length=12, choices=[(one.value, one.term) for one in PayoutState])
    ready_at = models.DateTimeField()
    served_year = models.PositiveSmallIntegerField(null=True)
    leg = models.PositiveSmallIntegerField(default=0)
    attempt = models.PositiveSmallIntegerField(default=0)
    hindered = models.CharField(max_length=10, blank=True)
    hindrance = EncryptedJSONField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["policy", "state"])]


class Recovery(models.Model):
    """Money taken back (追回) and how long nobody of it may apply: decided by two officers."""

    public_id = models.CharField(max_length=40, unique=True)
    policy = models.CharField(max_length=80)
    payee = models.ForeignKey(Payee, on_delete=models.PROTECT, related_name="recoveries")
    enrolment = models.ForeignKey(Enrolment, null=True, on_delete=models.PROTECT, related_name="recoveries")
    ground = models.CharField(max_length=10, choices=[("cheating", "弄虚作假"), ("short", "运营不足年限")])
    fen = models.BigIntegerField()
    offset_fen = models.BigIntegerField(default=0)
    returned_fen = models.BigIntegerField(default=0)
    why = EncryptedTextField()
    decided_by = models.CharField(max_length=80)
    decided_at = models.DateTimeField()
    reviewed_by = models.CharField(max_length=80, blank=True)
    reviewed_at = models.DateTimeField(null=True)
    approved = models.BooleanField(null=True)
    banned_until = models.DateField(null=True, help_text="the last day of the ban")
