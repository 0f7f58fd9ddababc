# SPDX-License-Identifier: Apache-2.0
"""Licences as a Django app."""

from django.apps import AppConfig


class LicencesConfig(AppConfig):
    """Licences people and firms hold."""

    name = "yiwang.apps.licences"
    label = "licences"
    verbose_name = "证照"
