# SPDX-License-Identifier: Apache-2.0
"""One browser for every test of a run, in whichever room: Playwright runs once in a thread."""

from support.chromium import browser

__all__ = ["browser"]
