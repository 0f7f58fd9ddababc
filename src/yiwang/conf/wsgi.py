# SPDX-License-Identifier: Apache-2.0
"""The WSGI application for gunicorn and other servers."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.conf.settings")
application = get_wsgi_application()
