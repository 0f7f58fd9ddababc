# SPDX-License-Identifier: Apache-2.0
"""People's signatures in tests of pages: the demo twin of an outside service, plugged in for a while."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from yiwang import wiring
from yiwang.apps.signatures import public as signatures
from yiwang.apps.signatures.adapters.demo import DemoSigning


@contextmanager
def plugged() -> Iterator[DemoSigning]:
    """The twin keeps people's keys inside the block; afterwards everything is as wired."""
    twin = DemoSigning()
    signatures.use_services(twin)
    signatures.use_trust(twin.trust)
    try:
        yield twin
    finally:
        wiring.plug_in()
