# SPDX-License-Identifier: Apache-2.0
"""What somebody should have but has not asked for (应享未享), and whether they want letters about it."""

from __future__ import annotations

from django.db import models

from yiwang.apps.vault.public import EncryptedJSONField


class Unclaimed(models.Model):
    """A policy that somebody fits and would have to apply for. `told_at`: when the one letter was written;
    `ended_at`: it fits no more, or was applied for."""

    public_id = models.CharField(max_length=40, unique=True)
    policy = models.CharField(max_length=80)
    subject = models.CharField(max_length=40, db_index=True)
    period = models.CharField(max_length=10, help_text="the year, or 一次")
    fen = models.BigIntegerField()
    because = EncryptedJSONField(default=dict, help_text="the facts it rests on")
    found_at = models.DateTimeField()
    letter = models.CharField(max_length=40, blank=True, help_text="the letter it stands in")
    told_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["policy", "subject", "period"], name="benefits_unclaimed_once"),
        ]


class LetterChoice(models.Model):
    """Whether a person or firm wants such letters; who has not chosen gets them."""

    subject = models.CharField(max_length=40, unique=True)
    wanted = models.BooleanField()
    chosen_by = models.CharField(max_length=40)
    chosen_at = models.DateTimeField()
