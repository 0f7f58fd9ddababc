# SPDX-License-Identifier: Apache-2.0
"""Where locked values lie: columns, sessions, files. Each place says under which keys, and moves what is
under another key to the current one, while the city goes on writing."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, models, transaction
from django.db.models import Count, ExpressionWrapper, Q
from django.db.models.functions import Substr

from .domain.envelope import FILE_MARK, MARK, Altered, key_of
from .fields import Closed, Locked
from .keyring import ring
from .locking import decrypt_text, encrypt_text, rewrap

BATCH = 200
_ID = 8  # characters of a key's id, right after the four of the mark
_HEAD = len(FILE_MARK) + _ID


class Moved(NamedTuple):
    """What one batch did: values under the current key now, values that did not open."""

    done: int
    broken: int


class Place(Protocol):
    """Somewhere locked values lie."""

    @property
    def name(self) -> str:
        """What an operator calls it."""

    def counts(self) -> Counter[str]:
        """How many values lie there under which key."""

    def relock(self) -> Iterator[Moved]:
        """Move everything to the current key, in batches, telling of each. What another transaction
        holds is left for the next call."""


@dataclass(frozen=True)
class Column:
    """One locked column of a table."""

    model: type[models.Model]
    field: Locked

    @property
    def name(self) -> str:
        """Table and column."""
        return f"{self.model._meta.db_table}.{self.field.column}"

    def _rows(self) -> models.QuerySet[Any]:
        kind = _column_kind(self.field)
        key = Substr(self.field.attname, len(MARK) + 1, _ID, output_field=kind)
        stored = ExpressionWrapper(models.F(self.field.attname), output_field=kind)
        locked = [one.attname for one in self.model._meta.concrete_fields if isinstance(one, Locked)]
        rows = self.model._base_manager.annotate(vault_key=key, vault_stored=stored)
        return rows.defer(*locked).order_by("pk")

    def counts(self) -> Counter[str]:
        """By the database, in one pass."""
        rows = self._rows().order_by().values_list("vault_key").annotate(Count("pk"))
        return Counter({_text(key): count for key, count in rows if key})

    def relock(self) -> Iterator[Moved]:
        """Row by row under the row's lock, a batch a transaction; begins where it is needed."""
        key = ring().current
        current: Any = key.encode() if isinstance(self.field, models.BinaryField) else key
        rows = self._rows().filter(~Q(vault_key=current), vault_key__gt=current[:0])
        batch = rows
        while True:
            with transaction.atomic():
                found = list(_held(batch)[:BATCH])
                done = sum(map(self._relocked, found))
            if not found:
                return
            yield Moved(done, len(found) - done)
            batch = rows.filter(pk__gt=found[-1].pk)

    def _relocked(self, row: Any) -> bool:
        """Lock one value anew, past whatever the model forbids; False when it does not open."""
        stored = row.vault_stored
        try:
            value = self.field.opened(bytes(stored) if isinstance(stored, memoryview) else stored, row)
        except Altered:
            return False
        changed = {self.field.attname: Closed(self.field.closed(value, row))}
        self.model._base_manager.filter(pk=row.pk).update(**changed)
        return True


@dataclass(frozen=True)
class Sessions:
    """The sessions of visitors."""

    name: str = "django_session.session_data"

    def counts(self) -> Counter[str]:
        """By reading all."""
        return Counter(filter(None, map(key_of, Session.objects.values_list("session_data", flat=True))))

    def relock(self) -> Iterator[Moved]:
        """One by one; what does not open is a visitor who logs in again."""
        for key in list(Session.objects.values_list("pk", flat=True)):
            with transaction.atomic():
                one = _held(Session.objects.filter(pk=key)).first()
                if one is None or key_of(one.session_data) in ("", ring().current):
                    continue
                about = f"{self.name}|{one.pk}"
                with suppress(Altered):
                    one.session_data = encrypt_text(decrypt_text(one.session_data, about=about), about=about)
                    one.save(update_fields=["session_data"])
            yield Moved(1, 0)


@dataclass(frozen=True)
class Files:
    """The locked files of one folder of the data directory."""

    folder: Path

    @property
    def name(self) -> str:
        """The folder's name."""
        return f"{self.folder.name}/"

    def _keys(self) -> Iterator[tuple[Path, str]]:
        for at, _, names in os.walk(self.folder):
            for path in (Path(at, name) for name in names):
                with suppress(OSError), path.open("rb") as file:  # gone since: not ours to count
                    head = file.read(_HEAD)
                    if head.startswith(FILE_MARK):
                        yield path, head[len(FILE_MARK) :].decode("ascii", errors="replace")

    def counts(self) -> Counter[str]:
        """By reading the first bytes of each."""
        return Counter(key for _, key in self._keys())

    def relock(self) -> Iterator[Moved]:
        """File by file: written beside, then put in its place."""
        current = ring().current
        for path in [path for path, key in self._keys() if key != current]:
            try:
                _relock_file(path)
                yield Moved(1, 0)
            except FileNotFoundError:  # thrown away in between
                continue
            except Altered:
                yield Moved(0, 1)


def _relock_file(path: Path) -> None:
    content = rewrap(path.read_bytes())
    descriptor, fresh = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():  # thrown away in between: it stays away
            os.replace(fresh, path)
    finally:
        Path(fresh).unlink(missing_ok=True)


def _held(rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
    """The rows, locked; never waiting for one, so that nobody waits in a circle."""
    return rows.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)


def _column_kind(field: Locked) -> models.Field[Any, Any]:
    return models.BinaryField() if isinstance(field, models.BinaryField) else models.TextField()


def _text(key: str | bytes) -> str:
    return key if isinstance(key, str) else bytes(key).decode("ascii", errors="replace")


def columns() -> list[Column]:
    """Every locked column of every table, by name."""
    found = [
        Column(model, field)
        for model in apps.get_models()
        if not model._meta.proxy
        for field in model._meta.local_concrete_fields
        if isinstance(field, Locked)
    ]
    return sorted(found, key=lambda one: one.name)


def places() -> list[Place]:
    """Everywhere locked values may lie."""
    folders = sorted(one for one in Path(settings.DATA_DIR).iterdir() if one.is_dir() and one.name[0] != ".")
    return [*columns(), Sessions(), *(Files(one) for one in folders)]


def newest_keys() -> set[str]:
    """The keys of the newest row of each table: quick enough to ask at every start."""
    found = set()
    for model in {one.model for one in columns()}:
        mine = [one.field for one in columns() if one.model is model]
        keys = [Substr(one.attname, len(MARK) + 1, _ID, output_field=_column_kind(one)) for one in mine]
        newest = model._base_manager.order_by("-pk").values_list(*keys)[:1]
        found |= {_text(key) for row in newest for key in row if key}
    return found
