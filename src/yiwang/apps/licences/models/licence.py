# SPDX-License-Identifier: Apache-2.0
"""Tables of licences: what was issued, to whom, saying what, how it stands, and how it came to that."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.db import models
from django.utils import timezone

from yiwang.apps.journal.public import AppendOnly
from yiwang.apps.vault.public import Altered, EncryptedJSONField
from yiwang.kernel.canonical import canonical_digest

from ..domain.history import EventKind, chained
from ..domain.states import Standing


class Form(models.TextChoices):
    """In which form a sealed licence exists as a file."""

    PDF = "pdf", "PDF"
    OFD = "ofd", "OFD"
    JSON = "json", "JSON"


class Licence(models.Model):
    """A licence (证照) or other result on record, as it stands now. `valid_*` and `standing_since` are
    true in law; `recorded_at` is when we learnt of it. How it came to that is told by its events."""

    public_id = models.CharField(max_length=40, unique=True)
    material = models.CharField(max_length=80, help_text="证照类型：材料定义的编号")
    number = models.CharField(max_length=80)
    identifier = models.CharField(max_length=120, blank=True, help_text="电子证照标识（GB/T 36904）")
    version = models.PositiveSmallIntegerField(default=1, help_text="更正一次加一，标识随之改变")
    check_code = models.CharField(max_length=32, unique=True, help_text="印在证照上的查验码")
    holder = models.CharField(max_length=40)
    issuer = models.CharField(max_length=60)
    place = models.CharField(max_length=40, blank=True, help_text="发证机关在哪个县区；空为全市")
    fields = EncryptedJSONField(default=dict, row="public_id", help_text="载明事项：数据元 → 值")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, help_text="含当日；空为长期")
    standing = models.CharField(max_length=12, choices=[(s.value, s.term) for s in Standing])
    standing_since = models.DateField(help_text="自哪天起如此")
    standing_before = models.CharField(max_length=12, help_text="那天之前如何")
    standing_reason = models.CharField(max_length=300, blank=True)
    replaces = models.CharField(max_length=40, blank=True, help_text="换发：所换下的证照")
    case = models.CharField(max_length=40, blank=True, help_text="由哪个事项办件产生")
    template = models.CharField(max_length=80, blank=True, help_text="证照模板；空为按载明事项排的通用版式")
    seal_asked_at = models.DateTimeField(null=True, help_text="何时起待签章；空为不制作电子文件")
    seal_due = models.DateField(null=True, help_text="最迟哪天签章；空为不计时")
    sealed_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["material", "number"], name="licences_number_once"),
            models.UniqueConstraint(
                fields=["material", "case"], condition=~models.Q(case=""), name="licences_once_per_case"
            ),
        ]
        indexes = [
            models.Index(fields=["holder", "material"], name="licences_holder"),
            models.Index(
                fields=["issuer", "seal_due", "id"],
                condition=models.Q(seal_asked_at__isnull=False, sealed_at__isnull=True),
                name="licences_awaiting_seal",
            ),
        ]

    def content_digest(self) -> str:
        """The digest of every column but the row's own number: what an event vouches for. Empty when a
        column was altered so that it does not open."""
        columns = (column for column in self._meta.concrete_fields if not column.primary_key)
        with suppress(Altered):
            return canonical_digest({one.attname: _plain(getattr(self, one.attname)) for one in columns})
        return ""


def _plain(value: Any) -> Any:
    """A stored value as canonical JSON takes it: dates as text, times in UTC."""
    if hasattr(value, "astimezone"):
        return value.astimezone(timezone.get_fixed_timezone(0)).isoformat(timespec="microseconds")
    return value.isoformat() if hasattr(value, "isoformat") else value


class LicenceEvent(AppendOnly):
    """What happened to a licence: from when it is true in law, when we recorded it, who, why."""

    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=[(k.value, k.term) for k in EventKind])
    effective_on = models.DateField()
    recorded_at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    actor_name = models.CharField(max_length=80)
    reason = models.CharField(max_length=300, blank=True)
    basis = models.CharField(max_length=300, blank=True)
    facts = EncryptedJSONField(
        default=dict, row="licence_id", help_text="所改的内容、签章文件的摘要；不含别的"
    )
    corrects = models.PositiveIntegerField(null=True, help_text="更正的是本证照的第几条记录")
    stream = models.CharField(max_length=80, help_text="记在日志的哪个流")
    content = models.CharField(max_length=64, help_text="此后证照一行的摘要")
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["licence", "seq"], name="licences_event_once")]

    def computed_digest(self, licence: str) -> str:
        """The digest over everything in the row, as an event of the licence with this public id. Empty
        when a column was altered so that it does not open."""
        skipped = {"id", "licence_id", "previous", "digest"}
        columns = (one.attname for one in self._meta.concrete_fields if one.attname not in skipped)
        with suppress(Altered):
            return chained(self.previous, licence, {name: _plain(getattr(self, name)) for name in columns})
        return ""


class LicenceFile(AppendOnly):
    """A sealed file of a licence, by the event that made it. Older ones stay: they were handed out."""

    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="files")
    seq = models.PositiveIntegerField(help_text="由第几条记录产生")
    form = models.CharField(max_length=4, choices=Form)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["licence", "seq", "form"], name="licences_file_once")]


class Trial(models.Model):
    """Whether a licence that awaits its seal can be drawn: tried when it is issued, and again after
    each mending. `fault` says what is wrong and what to do; empty when all is well."""

    licence = models.OneToOneField(Licence, on_delete=models.PROTECT, related_name="trial")
    tried_at = models.DateTimeField()
    fault = models.CharField(max_length=500, blank=True)
