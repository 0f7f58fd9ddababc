# SPDX-License-Identifier: Apache-2.0
"""Calls as the gateway writes them, made up for the tests of rooms that only read them."""

from __future__ import annotations

from yiwang.apps.gateway.models.calls import Call, RefusedAttempt

__all__ = ["Call", "RefusedAttempt"]
