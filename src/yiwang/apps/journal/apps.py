# SPDX-License-Identifier: Apache-2.0
"""The journal as a Django app."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """Who did what."""

    name = "yiwang.apps.journal"
    label = "journal"
    verbose_name = "日志"
