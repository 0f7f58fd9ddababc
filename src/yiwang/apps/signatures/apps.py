# SPDX-License-Identifier: Apache-2.0
"""Signatures as a Django app."""

from django.apps import AppConfig


class SignaturesConfig(AppConfig):
    """Electronic signatures of people."""

    name = "yiwang.apps.signatures"
    label = "signatures"
    verbose_name = "电子签名"
