# SPDX-License-Identifier: Apache-2.0
"""A table of the tests alone, with every sort of locked column."""

from __future__ import annotations

from django.db import connection, models

from ..public import EncryptedBinaryField, EncryptedJSONField, EncryptedTextField

NUMBER = "412801199001011234"


class Kept(models.Model):
    """Rows with something to hide."""

    public_id = models.CharField(max_length=40, unique=True)
    number = EncryptedTextField(max_length=18, row="public_id")
    phone = EncryptedTextField(blank=True)
    said = EncryptedJSONField(default=dict, row="public_id")
    plan = EncryptedJSONField(null=True)
    paper = EncryptedBinaryField(default=b"", row="public_id")

    objects: models.Manager[Kept]

    class Meta:
        app_label = "vault_tests"
        db_table = "vault_tests_kept"


def make(public_id: str = "p-1", **more: object) -> Kept:
    """A row with all columns filled but `plan`."""
    values = {"number": NUMBER, "phone": "13800001234", "said": {"姓名": "王小明", "多少": [1, 2.5, None]}}
    return Kept.objects.create(public_id=public_id, paper=b"\x00\xff", **{**values, **more})


def raw(column: str, public_id: str = "p-1") -> str | bytes:
    """What lies in a column."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM vault_tests_kept WHERE public_id = %s", [public_id])
        found = cursor.fetchone()[0]
    return bytes(found) if isinstance(found, memoryview) else found


def put(column: str, value: str | bytes, public_id: str = "p-1") -> None:
    """Write into a column behind the platform's back."""
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE vault_tests_kept SET {column} = %s WHERE public_id = %s", [value, public_id])
