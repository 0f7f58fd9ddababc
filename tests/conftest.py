# SPDX-License-Identifier: Apache-2.0
"""Fixtures for tests that cross rooms; their work is done in tests/support/."""

from support.postgres import postgres_server, postgres_url

__all__ = ["postgres_server", "postgres_url"]
