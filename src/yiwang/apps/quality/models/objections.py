# SPDX-License-Identifier: Apache-2.0
"""Objections (数据异议): what is said to be wrong, each check of it, each correction. What people wrote of
somebody's data is locked; a subject is found again by a blind index only."""

from __future__ import annotations

from django.db import models

from yiwang.apps.vault.public import BlindIndexField, EncryptedTextField

from ..domain.objections import State, Way
from ..domain.provider_says import Said


class Objection(models.Model):
    """Somebody says that a record, or one information item of it, is wrong. Its row is the lock for
    every change of it."""

    public_id = models.CharField(max_length=40, unique=True)
    resource = models.CharField(max_length=80)
    field = models.CharField(max_length=80, blank=True, help_text="信息项；空为整条记录")
    provider = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=[(one.value, one.term) for one in State])
    raised_by = models.CharField(max_length=80)
    raised_org = models.CharField(max_length=60, blank=True, help_text="提出的部门；空为本人提出")
    clerk = models.CharField(max_length=80, blank=True, help_text="在窗口代为登记的工作人员")
    clerk_name = models.CharField(max_length=80, blank=True)
    raised_at = models.DateTimeField()
    subject = models.CharField(max_length=80, blank=True, help_text="本人提出时，关于谁（公开编号）")
    subject_index = BlindIndexField(
        of="record_key", purpose="gateway-subject", compact=True, help_text="记录主键的盲索引"
    )
    record_key = EncryptedTextField(row="public_id")
    says = EncryptedTextField(row="public_id", blank=True, help_text="现在写的是什么")
    should = EncryptedTextField(row="public_id", help_text="应当是什么")
    why = EncryptedTextField(row="public_id", help_text="理由")
    files = models.JSONField(default=list, help_text="证明材料（文件编号）")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resource", "field", "subject_index", "raised_org"],
                condition=models.Q(state="checking"),
                name="quality_objected_once",
            )
        ]
        indexes = [
            models.Index(fields=["resource", "subject_index"], name="quality_of_subject"),
            models.Index(fields=["provider", "state"], name="quality_of_provider"),
            models.Index(fields=["subject"], name="quality_of_person"),
            models.Index(fields=["clerk"], name="quality_of_clerk"),
        ]


class Round(models.Model):
    """One check of an objection: its clock, its outcome, whether that settled it."""

    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    began_at = models.DateTimeField()
    due_on = models.DateField()
    first_due_on = models.DateField(help_text="延期以前的期限")
    extended_at = models.DateTimeField(null=True)
    extended_by = models.CharField(max_length=80, blank=True)
    extension_reason = models.CharField(max_length=500, blank=True)
    escalated_at = models.DateTimeField(null=True, help_text="逾期后何时报数据管理部门")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=80, blank=True)
    answered_name = models.CharField(max_length=80, blank=True)
    outcome = models.CharField(max_length=10, blank=True)
    reasons = EncryptedTextField(blank=True)
    remedy = models.CharField(max_length=500, blank=True)
    satisfied = models.BooleanField(null=True)
    feedback = EncryptedTextField(blank=True)
    feedback_at = models.DateTimeField(null=True)
    feedback_clerk = models.CharField(
        max_length=80, blank=True, help_text="替提出方记录的工作人员；空为自己说的"
    )
    feedback_clerk_name = models.CharField(max_length=80, blank=True)
    feedback_told_by = models.CharField(max_length=100, blank=True, help_text="部门的意见由谁、怎样告知")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["objection", "number"], name="quality_round_once")]
        indexes = [models.Index(fields=["answered_at", "due_on"], name="quality_round_due")]


class Correction(models.Model):
    """A value that the provider found wrong: before, after, by whom, on what evidence. Our answers carry
    the note until the source itself says the new value (`agreed_at`)."""

    public_id = models.CharField(max_length=40, unique=True)
    round = models.OneToOneField(Round, on_delete=models.PROTECT, related_name="correction")
    old = EncryptedTextField(row="public_id", blank=True)
    new = EncryptedTextField(row="public_id")
    way = models.CharField(max_length=12, choices=[(one.value, one.term) for one in Way])
    evidence = EncryptedTextField(row="public_id")
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    said = models.CharField(
        max_length=8, choices=[(one.value, one.term) for one in Said], default=Said.SENDING.value
    )
    said_at = models.DateTimeField(null=True)
    said_words = EncryptedTextField(row="public_id", blank=True, help_text="提供部门系统不更正的理由")
    receipt = models.CharField(max_length=120, blank=True, help_text="提供部门系统的回执")
    agreed_at = models.DateTimeField(null=True)
