# SPDX-License-Identifier: Apache-2.0
"""Tables of licences: what was issued, to whom, saying what, and how it stands."""

from __future__ import annotations

from django.db import models

from ..domain.states import Standing


class Licence(models.Model):
    """A licence (证照) or other result on record. `valid_*` is when it is true in law;
    `recorded_at` when we learnt of it."""

    public_id = models.CharField(max_length=40, unique=True)
    material = models.CharField(max_length=80, help_text="证照类型：材料定义的编号")
    number = models.CharField(max_length=80)
    holder = models.CharField(max_length=40)
    issuer = models.CharField(max_length=60)
    fields = models.JSONField(default=dict, help_text="载明事项：数据元 → 值")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, help_text="含当日；空为长期")
    standing = models.CharField(max_length=12, choices=[(s.value, s.term) for s in Standing])
    standing_reason = models.CharField(max_length=300, blank=True)
    case = models.CharField(max_length=40, blank=True, help_text="由哪个事项办件产生")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["material", "number"], name="licences_number_once"),
            models.UniqueConstraint(
                fields=["material", "case"], condition=~models.Q(case=""), name="licences_once_per_case"
            ),
        ]
        indexes = [models.Index(fields=["holder", "material"], name="licences_holder")]
