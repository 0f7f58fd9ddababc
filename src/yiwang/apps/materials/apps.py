# SPDX-License-Identifier: Apache-2.0
"""Materials as a Django app."""

from django.apps import AppConfig


class MaterialsConfig(AppConfig):
    """Files people upload."""

    name = "yiwang.apps.materials"
    label = "materials"
    verbose_name = "材料"
