# SPDX-License-Identifier: Apache-2.0
"""Fixtures for tests that cross rooms; their work is done in tests/support/."""

from support.filled import filled
from support.postgres import postgres_server, postgres_url

__all__ = ["filled", "postgres_server", "postgres_url"]
