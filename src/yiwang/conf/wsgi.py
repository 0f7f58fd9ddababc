# SPDX-License-Identifier: Apache-2.0
"""The WSGI application for gunicorn and other servers."""

from __future__ import annotations

from django.core.handlers.wsgi import WSGIHandler

from yiwang.conf.starting import start_django

start_django()
application = WSGIHandler()
