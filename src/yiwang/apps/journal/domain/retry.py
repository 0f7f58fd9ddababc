# SPDX-License-Identifier: Apache-2.0
"""When to try a failed delivery again, and when to hand it to a person."""

from __future__ import annotations

import datetime as dt

FIRST = dt.timedelta(seconds=5)
LONGEST = dt.timedelta(minutes=5)


def next_attempt(
    created: dt.datetime, now: dt.datetime, attempts: int, give_up_after: dt.timedelta
) -> dt.datetime | None:
    """The time of the next attempt: doubling from 5 s to 5 min; None once `give_up_after` has passed.

    The end is a stated span of time, not a count: a partner's outage is stated in hours, and
    retries that end earlier lose messages.
    """
    if now - created >= give_up_after:
        return None
    return now + min(LONGEST, FIRST * 2 ** min(attempts - 1, 16))
