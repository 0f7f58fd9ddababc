# SPDX-License-Identifier: Apache-2.0
"""The table of the tests, and keys of a test's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from .. import places
from ..places import Column, Files
from .kept import Kept


@pytest.fixture
def table(transactional_db: None) -> Iterator[None]:
    """The table `Kept`."""
    with connection.schema_editor() as editor:
        editor.create_model(Kept)
    yield
    with connection.schema_editor() as editor:
        editor.delete_model(Kept)


@pytest.fixture
def own_keys(settings: Any, tmp_path: Path) -> Path:
    """A data directory and a key file of the test's own."""
    settings.DATA_DIR = tmp_path
    settings.VAULT_KEYS = ""
    return tmp_path


@pytest.fixture
def only_kept(table: None, own_keys: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Locked values lie in `Kept` and in the folder `files`, nowhere else."""
    fields = ("number", "phone", "said", "plan", "paper")
    mine = [Column(Kept, Kept._meta.get_field(name)) for name in fields]  # type: ignore[arg-type]
    monkeypatch.setattr(places, "columns", lambda: mine)
    monkeypatch.setattr("yiwang.apps.vault.admin.places", lambda: [*mine, Files(own_keys / "files")])
    return own_keys
