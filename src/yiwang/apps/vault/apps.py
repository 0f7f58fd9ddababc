# SPDX-License-Identifier: Apache-2.0
"""The vault as a Django app."""

from django.apps import AppConfig


class VaultConfig(AppConfig):
    """Encryption at rest, keys and their change, marks on exports."""

    name = "yiwang.apps.vault"
    label = "vault"
    verbose_name = "数据加密"
