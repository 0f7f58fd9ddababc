# SPDX-License-Identifier: Apache-2.0
"""Tables of the unified user store (统一用户库): who exists, who may act for whom."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from yiwang.apps.vault.public import BlindIndexField, EncryptedTextField
from yiwang.kernel.actor import Matter, Role


class Person(models.Model):
    """A natural person. The number is locked; `id_digest` (a blind index) finds it."""

    public_id = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    id_number = EncryptedTextField(max_length=18, row="public_id")
    id_digest = BlindIndexField(of="id_number", purpose="identity.person", unique=True)
    phone = EncryptedTextField(max_length=20, blank=True, row="public_id")
    address = EncryptedTextField(max_length=200, blank=True, row="public_id")
    place = models.CharField(max_length=40, blank=True)


class Firm(models.Model):
    """A market entity (市场主体) or other organisation with a unified social credit code."""

    public_id = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    uscc = models.CharField(max_length=18, unique=True)
    kind = models.CharField(max_length=40)
    address = models.CharField(max_length=200, blank=True)
    place = models.CharField(max_length=40, blank=True)
    legal_representative = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="represents")
    founded = models.DateField()


class Mandate(models.Model):
    """An authorised agent of a firm (授权经办人), from a day to a day, revocable; for everything, or for some
    matters only."""

    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="mandates")
    agent = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="mandates")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    matters = models.CharField(max_length=120, blank=True, help_text="授权事项，空为全部事项")
    revoked_at = models.DateTimeField(null=True)

    @property
    def limits(self) -> frozenset[Matter]:
        """The matters it is for; empty: everything. A word nobody knows any more authorises nothing."""
        return frozenset(one for one in Matter if one.value in self.matters.split(","))

    def is_valid_on(self, day: dt.date) -> bool:
        """Whether the agent may act for the firm on `day`."""
        return (
            self.revoked_at is None
            and self.valid_from <= day
            and (self.valid_to is None or day <= self.valid_to)
        )


class Officer(models.Model):
    """An officer (工作人员) of a department."""

    public_id = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    org = models.CharField(max_length=60)


class OfficerPost(models.Model):
    """A role of an officer in a department and a place (see `kernel.actor.Post`)."""

    officer = models.ForeignKey(Officer, on_delete=models.CASCADE, related_name="posts")
    role = models.CharField(max_length=20, choices=[(r.value, r.term) for r in Role])
    org = models.CharField(max_length=60, blank=True)
    place = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["officer", "role", "org", "place"], name="identity_post_once")
        ]


class Accounts(BaseUserManager["Account"]):
    """Finds accounts by login name."""

    def get(self, *args: Any, **asked: Any) -> Account:
        """Django's `get`; by the key alone, which every page asks, without the cost of building a query.

        Raises DoesNotExist.
        """
        if args or set(asked) != {"pk"}:
            return super().get(*args, **asked)
        table = self.model._meta.db_table
        for found in self.raw(f"SELECT * FROM {table} WHERE id = %s", [asked["pk"]]):  # noqa: S608 - own table
            return found
        raise self.model.DoesNotExist

    def get_by_natural_key(self, username: str | None) -> Account:
        """The account with this login name."""
        return self.get(username=username)


class Account(AbstractBaseUser):
    """A login. It belongs to one person or one officer; firms act through their agents."""

    username = models.CharField(max_length=60, unique=True)
    is_active = models.BooleanField(default=True)
    person = models.OneToOneField(Person, null=True, on_delete=models.PROTECT, related_name="account")
    officer = models.OneToOneField(Officer, null=True, on_delete=models.PROTECT, related_name="account")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = Accounts()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=False, officer__isnull=True)
                | models.Q(person__isnull=True, officer__isnull=False),
                name="identity_account_of_one",
            )
        ]

    def has_perm(self, perm: Any, obj: Any = None) -> bool:
        """Django's own permissions are not used: deny."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        """Django's own permissions are not used: deny."""
        return False


class ApiToken(models.Model):
    """A token with which a program calls the API as an account. The token itself is not kept."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="tokens")
    digest = models.CharField(max_length=64, unique=True, help_text="令牌的 SHA-256")
    name = models.CharField(max_length=60)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
