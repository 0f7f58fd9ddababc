# SPDX-License-Identifier: Apache-2.0
"""What only one of the processes of a test run shall try: the first that claims it."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest


class Claims:
    """Claims of one run, as files that can be made once only, whichever process makes them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)

    def take(self, *key: object) -> bool:
        """Whether nobody in this run has claimed this before."""
        name = hashlib.sha256(repr(key).encode()).hexdigest()
        try:
            os.close(os.open(self.folder / name, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        except FileExistsError:
            return False
        return True


@pytest.fixture(scope="session")
def claims(tmp_path_factory: pytest.TempPathFactory) -> Claims:
    """The claims of this run; its processes keep their folders side by side."""
    own = tmp_path_factory.getbasetemp()
    return Claims((own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "claims")
