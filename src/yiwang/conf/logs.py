# SPDX-License-Identifier: Apache-2.0
"""Logs: one line form for everything, and a last line of defence.

Nobody's data is logged on purpose. What slips in all the same (an exception's words, a database's
complaint, a traceback) passes through `HideNumbers`, which hides anything shaped like an identity
or telephone number in the finished text.
"""

from __future__ import annotations

import logging
import re
from typing import Any

HIDDEN = "〔已隐去〕"
_NUMBERS = re.compile(
    r"""(?<!\d)(?:
        \d{17}[\dXx]                                # 18-digit identity number (or a firm's code)
      | \d{15}                                      # the old identity number
      | (?:(?:\+|00)?86[-\s]?)?1[3-9]\d(?:[-\s]?\d{4}){2}  # mobile, also 138-0000-0000
      | 0\d{2,3}[-\s]\d{7,8}                        # landline with its area code
    )(?!\d)""",
    re.VERBOSE,
)
ACCESS_FORMAT = "%(h)s %(m)s %(U)s %(s)s %(B)s %(M)sms"
"""An access line of the server: address, method, path without query, status, bytes, milliseconds."""


def hide_numbers(text: str) -> str:
    """The text with everything shaped like an identity or telephone number hidden."""
    return _NUMBERS.sub(HIDDEN, text)


class HideNumbers(logging.Formatter):
    """Hides numbers in the finished text: message, traceback and all."""

    def format(self, record: logging.LogRecord) -> str:
        """The line or lines to write."""
        return hide_numbers(super().format(record))


def logging_settings(level: str, *, access_lines: bool = False) -> dict[str, Any]:
    """The configuration of `logging` for the platform and for the server's own loggers.

    Django's and gunicorn's own handlers are taken away: they do not know `HideNumbers`.
    """
    to_root: dict[str, Any] = {"handlers": [], "propagate": True}
    quiet = {"level": "WARNING"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": "yiwang.conf.logs.HideNumbers",
                "format": "{asctime} {levelname} {name} {message}",
                "style": "{",
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "loggers": {
            "django": to_root,
            "django.server": to_root,
            "django.db.backends": {"level": "INFO"},  # at DEBUG it would write statements with their values
            "gunicorn.error": to_root | {"level": level},
            "gunicorn.access": to_root | {"level": "INFO" if access_lines else "CRITICAL"},
            "axes": quiet,  # every login in four lines; failures stay
            "pikepdf": quiet,  # it greets at every start
            "psycopg.pool": quiet,
        },
        "root": {"handlers": ["stderr"], "level": level},
    }
