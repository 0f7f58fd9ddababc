# SPDX-License-Identifier: Apache-2.0
"""The catalogue as a Django app."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """Releases of what the city offers."""

    name = "yiwang.apps.catalogue"
    label = "catalogue"
    verbose_name = "事项目录"
