# SPDX-License-Identifier: Apache-2.0
"""A last line of defence: identity numbers and phone numbers never reach a log."""

from __future__ import annotations

import logging
import re

_NUMBERS = re.compile(r"(?<![0-9A-Za-z])(\d{17}[\dXx]|1[3-9]\d{9})(?![0-9A-Za-z])")


class HideIdentityNumbers(logging.Filter):
    """Replaces anything shaped like an identity or mobile number in a finished log line."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record in place; never drops it."""
        message = record.getMessage()
        hidden = _NUMBERS.sub("〔已隐去〕", message)
        if hidden != message:
            record.msg, record.args = hidden, ()
        return True
