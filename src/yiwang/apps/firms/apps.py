# SPDX-License-Identifier: Apache-2.0
"""Requests of firms as a Django app."""

from django.apps import AppConfig


class FirmsConfig(AppConfig):
    """Requests that firms raise, answered in time; officers assigned to firms."""

    name = "yiwang.apps.firms"
    label = "firms"
    verbose_name = "企业服务"
