# SPDX-License-Identifier: Apache-2.0
"""Waivers as a Django app."""

from django.apps import AppConfig


class WaiversConfig(AppConfig):
    """Yearly surveys and declarations, and the lists that are published from them."""

    name = "yiwang.apps.waivers"
    label = "waivers"
    verbose_name = "免证可办"
