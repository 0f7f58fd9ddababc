# SPDX-License-Identifier: Apache-2.0
"""gunicorn's own settings, from the environment: what `yiwang serve` starts it with."""

from __future__ import annotations

import os
import shutil
from typing import Any

from yiwang.conf.environment import read_environment
from yiwang.conf.logs import ACCESS_FORMAT, logging_settings

_ENV = read_environment()

wsgi_app = "yiwang.conf.wsgi:application"
bind = _ENV["BIND"]
workers = _ENV["WORKERS"]
preload_app = True  # loaded once and shared: workers start at once and take less memory
timeout = 120
"""Seconds one request may take: longer than any wait for SQLite's lock; a proxy takes slow uploads in."""
graceful_timeout = 30
"""Seconds that running requests get to finish after SIGTERM."""
control_socket_disable = True  # a service manager starts and stops us; nothing else shall
forwarded_allow_ips = ",".join(_ENV["PROXIES"])
access_log_format = ACCESS_FORMAT
logconfig_dict = logging_settings(_ENV["LOG_LEVEL"], access_lines=_ENV["ACCESS_LOG"])

METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"


def child_exit(server: Any, worker: Any) -> None:
    """Fold the counts of a process that ended into those of the others."""
    if METRICS_FOLDER in os.environ:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)


def on_exit(server: Any) -> None:
    """Remove the folder through which the processes shared their counts."""
    if METRICS_FOLDER in os.environ:
        shutil.rmtree(os.environ[METRICS_FOLDER], ignore_errors=True)
