# SPDX-License-Identifier: Apache-2.0
"""Why a file is refused: one error, always with what to do."""

from __future__ import annotations

from yiwang.kernel.errors import Invalid


class FileRefused(Invalid):
    """The file is not accepted; the message says why, `mend` what to do. The form field is `file`."""

    def __init__(self, message: str, mend: str) -> None:
        super().__init__(message, mend=mend, field="file")
