# SPDX-License-Identifier: Apache-2.0
"""The figures of seals: settings of the definitions. A county or a department may have its own
(《办法》第二十二条): the same name, followed by `-of-<department>`, `-in-<place>`, or both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from yiwang.engines.definitions.kinds import Setting
from yiwang.kernel.errors import Unavailable

PASSPHRASE_LENGTH = "seal-passphrase-length"  # noqa: S105 - the name of a figure
PASSPHRASE_KINDS = "seal-passphrase-kinds"  # noqa: S105
PASSPHRASE_DAYS = "seal-passphrase-change-days"  # noqa: S105
TRIES = "seal-passphrase-tries"
LOCK_MINUTES = "seal-lock-minutes"
WARN_DAYS = "seal-expiry-warn-days"
CERTIFICATE_DAYS = "seal-certificate-days"
PRESSES = "seal-presses-per-document"
STANDING_DAYS = "seal-standing-days"
STANDING_COUNT = "seal-standing-count"
SIGNATURE_DAYS = "personal-signature-days"
NAMES = (
    PASSPHRASE_LENGTH,
    PASSPHRASE_KINDS,
    PASSPHRASE_DAYS,
    TRIES,
    LOCK_MINUTES,
    WARN_DAYS,
    CERTIFICATE_DAYS,
    PRESSES,
    STANDING_DAYS,
    STANDING_COUNT,
    SIGNATURE_DAYS,
)


@dataclass(frozen=True)
class Figures:
    """The figures that hold for one department in one place."""

    settings: Mapping[str, Setting]
    org: str = ""
    place: str = ""

    def of(self, name: str) -> int:
        """The figure: the department's in this place, else the department's, else the place's, else
        the city's. Raises Unavailable when there is none, or it is no whole number."""
        of, at = f"{name}-of-{self.org}", f"{name}-in-{self.place}"
        for key in (f"{of}-in-{self.place}", of, at, name):
            found = self.settings.get(key)
            if found is not None and isinstance(found.value, int) and not isinstance(found.value, bool):
                return found.value
        raise Unavailable(
            f"目录版本里没有“{name}”这项设定。", mend="请目录管理员在 definitions/…/settings/ 中补上并发布。"
        )
