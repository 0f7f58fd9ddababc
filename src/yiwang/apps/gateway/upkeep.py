# SPDX-License-Identifier: Apache-2.0
"""What time does to calls: counters of past windows, answers and nonces whose time is over go."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from .cache import forget_answers
from .clients_auth import forget_nonces
from .quota import forget_quotas


def forget_what_ended(now: dt.datetime | None = None) -> int:
    """Delete what no call can use any more; how many rows. Calls and refused requests stay."""
    at = now or timezone.now()
    return forget_quotas(at) + forget_answers(at) + forget_nonces(at)
