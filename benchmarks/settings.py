# SPDX-License-Identifier: Apache-2.0
"""The real settings; only the log-in hasher is quick, and connections are not pooled so that a
measurement can change databases."""

from yiwang.conf.settings import *  # noqa: F403
from yiwang.conf.settings import DATABASES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
DATABASES["default"].get("OPTIONS", {}).pop("pool", None)
