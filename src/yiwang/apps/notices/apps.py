# SPDX-License-Identifier: Apache-2.0
"""Notices as a Django app."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Letters and messages to people."""

    name = "yiwang.apps.notices"
    label = "notices"
    verbose_name = "通知"
