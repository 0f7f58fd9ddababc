# SPDX-License-Identifier: Apache-2.0
"""Connectors of the gateway: how rows are fetched from a database, an HTTP service, a file, from
what flowed back from the province."""

from __future__ import annotations

from collections.abc import Mapping

from ..domain.connecting import Factory
from .files import FileConnector
from .http import HttpConnector
from .returned import ReturnedConnector
from .sql import SqlConnector

CONNECTORS: Mapping[str, Factory] = {
    "sql": SqlConnector,
    "http": HttpConnector,
    "file": FileConnector,
    "returned": ReturnedConnector,
}
"""Kind of source → what makes its connector."""
