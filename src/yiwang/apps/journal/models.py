# SPDX-License-Identifier: Apache-2.0
"""Tables of the journal and the outbox."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.db import models

from .domain.chain import content_of
from .domain.days import Day

_M = TypeVar("_M", bound=models.Model)


class AppendOnlyRows(models.QuerySet[_M]):
    """Rows that are written once: changing or deleting many at a time raises too."""

    def update(self, **kwargs: Any) -> int:
        """Refuse."""
        raise TypeError(f"{self.model.__name__} 只能追加，不能修改")

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refuse."""
        raise TypeError(f"{self.model.__name__} 只能追加，不能删除")


class AppendOnly(models.Model):
    """A row that is written once: changing or deleting it through the models raises."""

    if not TYPE_CHECKING:  # a typed manager of the abstract model would hide each table's own fields
        objects = AppendOnlyRows.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert; refuse an update."""
        if self.pk is not None and not self._state.adding:
            raise TypeError(f"{type(self).__name__} 只能追加，不能修改")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse."""
        raise TypeError(f"{type(self).__name__} 只能追加，不能删除")


BATCHES = "batches"
DAYS = "days"
DAY_SEALS = "day-seals"
CHAINS = (BATCHES, DAYS, DAY_SEALS)
"""The chains that are no streams of entries."""


class Stream(models.Model):
    """The head of one chain: of entries, or (keys `CHAINS`) of batches, of days, of the days' seals.
    Locked while it grows."""

    key = models.CharField(max_length=80, primary_key=True)
    length = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=64)


class Entry(AppendOnly):
    """One fact: who did what, about what, to whose data, for which purpose, on which basis."""

    stream = models.ForeignKey(Stream, on_delete=models.PROTECT, related_name="entries", db_index=False)
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    actor_name = models.CharField(max_length=80)
    action = models.CharField(max_length=60)
    about = models.CharField(max_length=80, blank=True)
    subject = models.CharField(max_length=80, blank=True)
    purpose = models.TextField(blank=True)
    basis = models.TextField(blank=True)
    detail = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stream", "seq"], name="journal_entry_once")]
        indexes = [models.Index(fields=["subject"], name="journal_entry_whom")]

    def content(self) -> dict[str, Any]:
        """What the digest covers besides stream, sequence and previous digest."""
        return content_of(self.at, vars(self))


class Batch(AppendOnly):
    """A sealed run of entries over all streams, chained to the batch before it. `root` is that of the
    tree over the digests of its entries."""

    number = models.PositiveIntegerField(unique=True)
    count = models.PositiveIntegerField()
    sealed_at = models.DateTimeField()
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    root = models.CharField(max_length=64)


class BatchEntry(AppendOnly):
    """Which entry lies where in which batch. The digest is kept a second time, so that a batch
    can name the row that changed."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    entry_id = models.BigIntegerField(unique=True)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "position"], name="journal_batch_position")]


class DayRoot(AppendOnly):
    """A day (Beijing time) that has ended: the root over its batches, chained to the day before."""

    number = models.PositiveIntegerField(unique=True)
    day = models.DateField(unique=True)
    first_batch = models.PositiveIntegerField()
    last_batch = models.PositiveIntegerField()
    entries = models.PositiveIntegerField()
    root = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    def said(self) -> Day:
        """What the row says of the day."""
        return Day(
            self.number,
            self.day,
            self.first_batch,
            self.last_batch,
            self.entries,
            self.root,
            self.previous,
        )


class DaySeal(AppendOnly):
    """The seal (GB/T 38540) on the statement of a day."""

    day = models.OneToOneField(DayRoot, on_delete=models.PROTECT, related_name="seal")
    sealed_at = models.DateTimeField()
    signature = models.BinaryField(help_text="SES_Signature，DER")


class OutboxState(models.TextChoices):
    """Where a message to the outside stands."""

    WAITING = "waiting", "待发送"
    DONE = "done", "已送达"
    PARKED = "parked", "转人工"


class OutboxMessage(models.Model):
    """A message written in the same transaction as the change it tells of."""

    topic = models.CharField(max_length=60)
    key = models.CharField(max_length=120, unique=True, help_text="同一键只发一次：接收方凭它去重")
    payload = models.JSONField()
    state = models.CharField(max_length=10, choices=OutboxState, default=OutboxState.WAITING)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    trying_since = models.DateTimeField(null=True, help_text="本轮首次尝试之时：重试期限自此起算")
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "due_at"], name="journal_outbox_due")]
