# SPDX-License-Identifier: Apache-2.0
"""Model fields whose columns are locked at rest. Code reads and writes them like any other.

With `row="public_id"` a value is bound to its row by that attribute, which is set before the first
save and never changes; such a value opens when it is read from its instance, so that lists pay nothing
for columns they do not show. Its column cannot be set by `update()`, and `values()` gives it closed.

Nothing can be looked up by a locked column but whether it is null: keep a `blind_index` beside it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.db import models
from django.db.models.lookups import Exact, IsNull
from django.db.models.query_utils import DeferredAttribute

from .domain.envelope import key_of
from .keyring import ring
from .locking import decrypt, decrypt_text, encrypt, encrypt_text, text_locker


@dataclass(frozen=True)
class Closed:
    """A value that is still locked."""

    stored: str | bytes


class OnlyNothing(Exact):
    """`= ""` or `= None`: the only values that lie in a column as they are."""

    def get_prep_lookup(self) -> Any:
        """Refuse any other value."""
        if self.rhs is not None and not self.lhs.output_field.is_open(self.rhs):
            raise TypeError(f"{self.lhs.output_field.name} is locked: look it up by a blind index")
        return self.rhs


class _Opening(DeferredAttribute):
    """Opens a value when it is first read."""

    def __get__(self, instance: models.Model | None, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if isinstance(value, Closed):
            assert instance is not None
            field = cast(Locked, self.field)
            value = instance.__dict__[field.attname] = field.opened(value.stored, instance)
        return value

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class Locked(models.Field):
    """What locked columns have in common. `encode`/`decode` turn a value into bytes and back."""

    empty_strings_allowed = False
    descriptor_class = _Opening
    lock: Callable[..., str | bytes] = staticmethod(encrypt_text)
    unlock: Callable[..., bytes] = staticmethod(decrypt_text)

    def __init__(self, *args: Any, row: str = "", **options: Any) -> None:
        refused = {"unique", "db_index", "primary_key"} & {name for name in options if options[name]}
        if refused:
            raise TypeError("a locked column cannot be indexed: index a blind index of it")
        self.row = row
        super().__init__(*args, **options)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """As migrations write it."""
        name, _, args, options = super().deconstruct()
        if self.row:
            options["row"] = self.row
        return name, f"yiwang.apps.vault.public.{type(self).__name__}", args, options

    def get_internal_type(self) -> str:
        """The column is text."""
        return "TextField"

    def encode(self, value: Any) -> bytes:
        """The value as bytes."""
        raise NotImplementedError

    def decode(self, data: bytes) -> Any:
        """The value from its bytes."""
        raise NotImplementedError

    def is_open(self, value: Any) -> bool:
        """Whether a value is stored as it is, because there is nothing to hide."""
        return value is None

    def about(self, instance: models.Model | None = None) -> str:
        """What a value is bound to: table, column and row."""
        bound = f"{self.model._meta.db_table}.{self.column}"
        if not self.row:
            return bound
        row = getattr(instance, self.row) if instance is not None else None
        if row in (None, ""):
            raise TypeError(f"{bound} is bound to its row: set {self.row} first, and save instances")
        return f"{bound}|{row}"

    def opened(self, stored: str | bytes, instance: models.Model | None = None) -> Any:
        """The value of what is stored. Raises Sealed."""
        return self.decode(type(self).unlock(stored, about=self.about(instance)))

    def closed(self, value: Any, instance: models.Model | None = None) -> str | bytes:
        """The value, locked with the current key."""
        return type(self).lock(self.encode(value), about=self.about(instance))

    def closing(self) -> Callable[[Any], Any]:
        """What goes into the column, for many rows in one go: the key is looked for once. Raises TypeError
        for a column whose values are bound to their rows, or are bytes."""
        if type(self).lock is not encrypt_text:
            raise TypeError(f"{self.name} holds bytes")
        lock = text_locker(about=self.about())
        return lambda value: value if self.is_open(value) else lock(self.encode(value))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """Open a value that is bound to its column alone; leave the others for their instance."""
        if self.is_open(value):
            return value
        value = bytes(value) if isinstance(value, memoryview) else value
        return Closed(value) if self.row else self.opened(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Lock what is bound to its row. What was not read is written back as it was found."""
        if not self.row:
            return super().pre_save(model_instance, add)
        value = model_instance.__dict__.get(self.attname)
        if isinstance(value, Closed) and key_of(value.stored) == ring().current:
            return value
        value = getattr(model_instance, self.attname)
        if self.is_open(value) or hasattr(value, "resolve_expression"):
            return value
        return Closed(self.closed(value, model_instance))

    def get_prep_value(self, value: Any) -> Any:
        """What goes into the column."""
        if isinstance(value, Closed):
            return value.stored
        return value if self.is_open(value) else self.closed(value)

    def get_lookup(self, lookup_name: str) -> Any:
        """Only whether there is anything."""
        if lookup_name == "isnull":
            return IsNull
        if lookup_name == "exact":
            return OnlyNothing
        raise TypeError(f"{self.name} is locked: look it up by a blind index")

    def get_transform(self, lookup_name: str) -> None:
        """None: nothing inside a locked value can be asked for."""

    def value_to_string(self, obj: models.Model) -> str:
        """Refuse to write a value into a fixture."""
        raise TypeError(f"{self.name} is locked and is not serialised")


class EncryptedTextField(Locked, models.TextField):
    """Text, locked at rest; the empty text is stored as such. `max_length` is checked when saving."""

    empty_strings_allowed = True

    def is_open(self, value: Any) -> bool:
        """Nothing to hide in nothing."""
        return value is None or value == ""

    def encode(self, value: Any) -> bytes:
        """UTF-8. Raises ValueError when the text is too long for the column."""
        text = str(value)
        if self.max_length is not None and len(text) > self.max_length:
            raise ValueError(f"{self.name} takes at most {self.max_length} characters")
        return text.encode()

    def decode(self, data: bytes) -> str:
        """From UTF-8."""
        return data.decode()


_written = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class EncryptedJSONField(Locked):
    """What JSON can say, locked at rest as one value; as `JSONField`, but nothing in it can be asked for."""

    def encode(self, value: Any) -> bytes:
        """JSON as UTF-8, in the order given. Raises TypeError for what JSON cannot say."""
        return _written(value).encode(errors="surrogatepass")

    def decode(self, data: bytes) -> Any:
        """From JSON."""
        return json.loads(data.decode(errors="surrogatepass"))


class EncryptedBinaryField(Locked, models.BinaryField):
    """Bytes, locked at rest; no bytes are stored as such."""

    _pyi_private_get_type: bytes
    lock = staticmethod(encrypt)
    unlock = staticmethod(decrypt)

    def get_internal_type(self) -> str:
        """The column is bytes."""
        return "BinaryField"

    def is_open(self, value: Any) -> bool:
        """Nothing to hide in nothing."""
        return value is None or len(value) == 0

    def encode(self, value: Any) -> bytes:
        """As they are."""
        return bytes(value)

    def decode(self, data: bytes) -> bytes:
        """As they are."""
        return data

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Bytes as the database's driver takes them."""
        value = value if prepared else self.get_prep_value(value)
        return value if value is None else connection.Database.Binary(value)
