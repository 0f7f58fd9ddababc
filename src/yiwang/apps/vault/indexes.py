# SPDX-License-Identifier: Apache-2.0
"""Columns of blind indexes on their move to a new index key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import connection, models, transaction

from .domain.envelope import Altered, KeyMissing
from .index_fields import BlindIndexField
from .keyring import ring
from .models import Reindexed
from .places import Moved

BATCH = 200


@dataclass(frozen=True)
class IndexColumn:
    """One such column of a table."""

    model: type[models.Model]
    field: BlindIndexField

    @property
    def name(self) -> str:
        """Table and column."""
        return f"{self.model._meta.db_table}.{self.field.column}"

    def reindex(self) -> Iterator[Moved]:
        """Move the column to the key in use, a batch a transaction in the order of its rows; where it stands
        is committed with the batch, so that whoever was killed goes on there."""
        check = ring().index_check
        while True:
            with transaction.atomic():
                mark, _ = Reindexed.objects.get_or_create(place=self.name, defaults={"check_code": check})
                mark = Reindexed.objects.select_for_update().get(pk=mark.pk)
                if mark.check_code != check:
                    mark.check_code, mark.after = check, 0
                rows = self.model._base_manager.filter(pk__gt=mark.after).order_by("pk")
                if connection.features.has_select_for_update:
                    rows = rows.select_for_update(of=("self",))
                found = list(rows[:BATCH])
                if not found:
                    mark.save()
                    return
                good = [self._moved(row) for row in found]
                mark.after = found[-1].pk
                mark.save()
            yield Moved(good.count(True), good.count(False))

    def _moved(self, row: models.Model) -> bool | None:
        """True: it has another value now; None: it had the right one; False: its source does not open."""
        try:
            value = self.field.index_of(row)
        except (Altered, KeyMissing):
            return False
        if getattr(row, self.field.attname) == value:
            return None
        self.model._base_manager.filter(pk=row.pk).update(**{self.field.attname: value})
        return True


def index_columns() -> list[IndexColumn]:
    """Every such column of every table, by name."""
    found = [
        IndexColumn(model, field)
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, BlindIndexField)
    ]
    return sorted(found, key=lambda one: one.name)


def begin_again() -> None:
    """Let the next move begin at the first row of every column."""
    Reindexed.objects.update(after=0)
