# SPDX-License-Identifier: Apache-2.0
"""Seals as a Django app."""

from django.apps import AppConfig


class SealsConfig(AppConfig):
    """Electronic seals, their keys and the certificates they stand on."""

    name = "yiwang.apps.seals"
    label = "seals"
    verbose_name = "电子印章"
