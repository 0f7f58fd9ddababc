# SPDX-License-Identifier: Apache-2.0
"""Identity as a Django app."""

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    """People, firms, officers, mandates, accounts."""

    name = "yiwang.apps.identity"
    label = "identity"
    verbose_name = "统一用户库"
