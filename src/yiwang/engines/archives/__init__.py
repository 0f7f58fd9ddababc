# SPDX-License-Identifier: Apache-2.0
"""Archive packages (归档包): plain files with a manifest, checked years later without any database.

`pack` writes one; the same members give the same bytes. `verify` reads one and tells, in numbered
steps, what holds and what does not; it believes nothing and unpacks nothing. The format is written
down in `docs/formats/archive.md`; `sha256sum` and `openssl` check the same things.
"""

from __future__ import annotations

from .packing import FORMAT, Member, Retention, file_name, pack
from .verifying import Report, Step, lines, verify

__all__ = ["FORMAT", "Member", "Report", "Retention", "Step", "file_name", "lines", "pack", "verify"]
