# SPDX-License-Identifier: Apache-2.0
"""Supervision of units and the ledger of notices and deductions."""

from __future__ import annotations

from django.db import models

from yiwang.apps.journal.public import AppendOnly

from ..domain.moves import CaseState


class SupervisionCase(models.Model):
    """The supervision of one unit for one breach. Its row is the lock for every change of it."""

    public_id = models.CharField(max_length=40, unique=True)
    org = models.CharField(max_length=60)
    body = models.CharField(max_length=60, help_text="监管部门")
    incident = models.CharField(max_length=40, blank=True, help_text="由哪一起事件引起")
    title = models.CharField(max_length=100)
    breach = models.TextField(help_text="违反的规定和事实")
    is_serious = models.BooleanField(default=False, help_text="存在较大风险：可以约谈主要负责人")
    state = models.CharField(max_length=12, choices=[(one.value, one.term) for one in CaseState])
    found_at = models.DateTimeField()
    found_by = models.CharField(max_length=80)
    talked_with = models.CharField(max_length=100, blank=True, help_text="被约谈的主要负责人")
    due_on = models.DateField(null=True)
    overdue_told_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["org", "state"], name="data_security_case_ix")]


class CaseEvent(AppendOnly):
    """One move of a case."""

    case = models.ForeignKey(SupervisionCase, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    move = models.CharField(max_length=12)
    by = models.CharField(max_length=80)
    by_name = models.CharField(max_length=80)
    words = models.TextField()


class LedgerHead(models.Model):
    """The last number of a year's notices. Its row is locked while the ledger grows."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)


class LedgerEntry(AppendOnly):
    """第二十六条: a city-wide notice and its deduction, in one row, so that neither is without the other.

    An entry made in error is taken back by a further one with negative points.
    """

    public_id = models.CharField(max_length=40, unique=True)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    org = models.CharField(max_length=60)
    case = models.ForeignKey(SupervisionCase, on_delete=models.PROTECT, related_name="ledger")
    points = models.DecimalField(max_digits=6, decimal_places=2)
    words = models.TextField(help_text="通报内容，或撤回的原因")
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    takes_back = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="taken_back")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["year", "number"], name="data_security_ledger_once")]
        indexes = [models.Index(fields=["org", "year"], name="data_security_ledger_ix")]
