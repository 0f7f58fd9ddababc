# SPDX-License-Identifier: Apache-2.0
"""When to try a failed delivery again, and when to hand it to a person."""

from __future__ import annotations

import datetime as dt
import re

FIRST = dt.timedelta(seconds=5)
LONGEST = dt.timedelta(minutes=5)
LEASE = dt.timedelta(minutes=10)
"""How long a message that is on its way outside is left alone. A partner's time-out must be shorter."""

_LONG_NUMBERS = re.compile(r"[0-9Xx*-]{7,}")


def next_attempt(
    since: dt.datetime, now: dt.datetime, attempts: int, give_up_after: dt.timedelta
) -> dt.datetime | None:
    """The time of the next attempt: doubling from 5 s to 5 min; None once `give_up_after` has passed.

    The end is a stated span of time since the first attempt, not a count: a partner's outage is
    stated in hours, and retries that end earlier lose messages.
    """
    if now - since >= give_up_after:
        return None
    doubled: dt.timedelta = FIRST * 2 ** min(attempts - 1, 16)
    return now + min(LONGEST, doubled)


def words_of(error: Exception) -> str:
    """What an operator reads of a failure: its kind and words, long numbers (phones) left out."""
    return _LONG_NUMBERS.sub("…", f"{type(error).__name__}: {error}")[:300]
