# SPDX-License-Identifier: Apache-2.0
"""Tables of the catalogue's paperwork: needs, editions of their list, census drafts.

Resources themselves are definitions: no table here holds one.
"""

from __future__ import annotations

from django.db import models

from yiwang.apps.journal.public import AppendOnly
from yiwang.engines.exchange import Level, NeedKind

from ..domain.census import CensusState
from ..domain.needs import NeedState

_LEVELS = [(one.value, one.term) for one in Level]


class Need(models.Model):
    """A department's need of data (数据需求). Its row is the lock for every change of it."""

    public_id = models.CharField(max_length=40, unique=True)
    org = models.CharField(max_length=80, help_text="需求部门")
    level = models.CharField(max_length=8, choices=_LEVELS)
    place = models.CharField(max_length=80, blank=True, help_text="县级需求的县区")
    kind = models.CharField(max_length=12, choices=[(one.value, one.term) for one in NeedKind])
    title = models.CharField(max_length=100)
    wants = models.CharField(max_length=1000, help_text="要哪些信息项、用在哪个环节")
    item = models.CharField(max_length=80, blank=True, help_text="用于哪个事项")
    resource = models.CharField(max_length=80, blank=True, help_text="对应的数据资源，对接后才有")
    provider = models.CharField(max_length=80, blank=True, help_text="供给部门，对接后才有")
    grant = models.CharField(max_length=40, blank=True, help_text="凭哪份授权接通")
    state = models.CharField(max_length=12, choices=[(one.value, one.term) for one in NeedState])
    version = models.PositiveIntegerField(default=1)
    listed_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["state", "-changed_at"], name="exchange_need_state"),
            models.Index(fields=["org"], name="exchange_need_org"),
            models.Index(fields=["resource"], name="exchange_need_resource"),
        ]


class NeedStep(AppendOnly):
    """One thing that happened to a need: never changed, never taken away."""

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="steps")
    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    actor_name = models.CharField(max_length=80)
    was = models.CharField(max_length=12, blank=True)
    now = models.CharField(max_length=12)
    words = models.CharField(max_length=500, blank=True)


class NeedEdition(AppendOnly):
    """One published edition of the supply-and-demand list (供需对接清单): never changes."""

    number = models.PositiveIntegerField(unique=True)
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=80)
    entries = models.JSONField()


class CensusEntry(models.Model):
    """A department's draft of a new resource (普查). Taken by the bureau it goes into a definitions
    file; the draft is then only the trace of where that came from."""

    public_id = models.CharField(max_length=40, unique=True)
    org = models.CharField(max_length=80)
    state = models.CharField(max_length=12, choices=[(one.value, one.term) for one in CensusState])
    draft = models.JSONField(default=dict)
    resource = models.CharField(max_length=80, blank=True, help_text="收录时定下的编号")
    words = models.CharField(max_length=500, blank=True, help_text="退回时写的原因")
    version = models.PositiveIntegerField(default=1)
    began_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    filled_by = models.CharField(max_length=80)
    taken_by = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes = [models.Index(fields=["org", "state"], name="exchange_census_org")]
        constraints = [
            models.UniqueConstraint(
                fields=["resource"],
                condition=~models.Q(resource=""),
                name="exchange_census_resource_once",
            )
        ]
