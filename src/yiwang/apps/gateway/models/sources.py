# SPDX-License-Identifier: Apache-2.0
"""Tables of sources: where the rows of a resource are, and how the source has been doing."""

from __future__ import annotations

from django.db import models

from yiwang.apps.vault.public import EncryptedJSONField

from ..domain.breaker import Circuit


class Source(models.Model):
    """Which connector answers for a resource, where, under which names. One row per resource."""

    public_id = models.CharField(max_length=40, unique=True)
    resource = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=20)
    config = models.JSONField(default=dict, help_text="地址和列名，不含口令")
    secret = EncryptedJSONField(default=dict, row="public_id", help_text="口令、令牌；只进不出")
    at_once = models.PositiveSmallIntegerField(null=True, help_text="同时最多几个调用；空为按设定")
    total_seconds = models.PositiveSmallIntegerField(null=True, help_text="一次调用最长几秒；空为按设定")
    on = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=80)
    tested_at = models.DateTimeField(null=True)
    tested_version = models.PositiveIntegerField(default=0)
    test_words = models.CharField(max_length=300, blank=True)


class SourceHealth(models.Model):
    """What processes tell one another about a source. Counts grow by failures and refusals; of calls that
    went well only the last moment is kept, at most once a minute."""

    source = models.OneToOneField(Source, on_delete=models.PROTECT, related_name="health")
    circuit = models.CharField(
        max_length=10, choices=[(one.value, one.term) for one in Circuit], default=Circuit.CLOSED.value
    )
    open_until = models.DateTimeField(null=True)
    failed = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0, help_text="不合目录、答错对象而拒收的回答")
    flagged = models.PositiveIntegerField(default=0, help_text="校验码等可疑的回答")
    good_at = models.DateTimeField(null=True)
    bad_at = models.DateTimeField(null=True)
    bad_words = models.CharField(max_length=200, blank=True)
