# SPDX-License-Identifier: Apache-2.0
"""Every test of seals has keys of its own and the repository's figures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from yiwang.apps.seals import plugs
from yiwang.apps.seals import public as seals
from yiwang.apps.seals.adapters.demo_authority import DemoAuthority
from yiwang.apps.seals.adapters.file_keeper import FileKeeper

from .stage import Stage, set_up, settings_of_city


@pytest.fixture(autouse=True)
def _plugged(tmp_path: Path) -> Iterator[None]:
    """Keys under the test's own folder."""
    before = plugs._Plugs(**vars(plugs._plugs))
    seals.use_keepers(FileKeeper(tmp_path / "keys"))
    seals.use_issuer(DemoAuthority())
    seals.use_settings(settings_of_city)
    yield
    vars(plugs._plugs).update(vars(before))


@pytest.fixture
def stage(db: None) -> Stage:
    """The unit and its people."""
    return set_up()
