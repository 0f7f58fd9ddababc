# SPDX-License-Identifier: Apache-2.0
"""Standards of lists put up for the public's comments before their release is put in force."""

from __future__ import annotations

from django.db import models

from yiwang.apps.vault.public import EncryptedTextField


class Consultation(models.Model):
    """A standard as a drafted release says it, put up for comments until a day (征求公众意见, L663)."""

    public_id = models.CharField(max_length=40, unique=True)
    catalogue = models.CharField(max_length=80, help_text="the list whose standard it is")
    name = models.CharField(max_length=200)
    org = models.CharField(max_length=60, help_text="the unit that put it up and answers")
    digest = models.CharField(max_length=64, help_text="SM3 of what it says")
    release = models.CharField(max_length=64, help_text="the draft in which it stands")
    entering = models.JSONField(help_text="by what somebody gets on the list")
    leaving = models.JSONField(help_text="by what somebody gets off it")
    why = models.CharField(max_length=500)
    put_up_at = models.DateTimeField()
    put_up_by = models.CharField(max_length=80)
    until = models.DateField(help_text="last day for comments")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["catalogue", "digest"], name="credit_consultation_once"),
        ]


class Comment(models.Model):
    """What one person says of it, and the unit's answer."""

    public_id = models.CharField(max_length=40, unique=True)
    of = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="comments")
    by = models.CharField(max_length=80)
    words = EncryptedTextField()
    at = models.DateTimeField()
    taken = models.BooleanField(null=True, help_text="whether it was followed")
    answer = EncryptedTextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["of", "by"], name="credit_comment_once"),
        ]
