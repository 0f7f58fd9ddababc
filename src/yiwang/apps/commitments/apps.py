# SPDX-License-Identifier: Apache-2.0
"""Commitments as a Django app."""

from django.apps import AppConfig


class CommitmentsConfig(AppConfig):
    """Letters that stand for proof, and how they are checked afterwards."""

    name = "yiwang.apps.commitments"
    label = "commitments"
    verbose_name = "告知承诺"
