# SPDX-License-Identifier: Apache-2.0
"""Tables of notices."""

from __future__ import annotations

from django.db import models

from yiwang.apps.vault.public import EncryptedTextField


class Notice(models.Model):
    """A letter in somebody's box on the platform (站内信). A text message only says that it is there."""

    to = models.CharField(max_length=40, db_index=True, help_text="收件人的公开编号")
    about = models.CharField(max_length=40, blank=True, help_text="关于哪个办件")
    title = models.CharField(max_length=100)
    body = EncryptedTextField(row="to")
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True, help_text="短信平台收到之时")
