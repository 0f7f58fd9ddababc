# SPDX-License-Identifier: Apache-2.0
"""Presentment as a Django app."""

from django.apps import AppConfig


class PresentmentConfig(AppConfig):
    """Showing licences and authorising clerks to use them."""

    name = "yiwang.apps.presentment"
    label = "presentment"
    verbose_name = "亮证和授权用证"
