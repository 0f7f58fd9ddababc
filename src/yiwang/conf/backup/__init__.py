# SPDX-License-Identifier: Apache-2.0
"""One file with everything: the database, uploaded files, archive packages, the signing key.

The format is written down in `docs/formats/backup.md`.
"""

from __future__ import annotations

from .restoring import read_backup
from .writing import write_backup

__all__ = ["read_backup", "write_backup"]
