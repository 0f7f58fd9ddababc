# SPDX-License-Identifier: Apache-2.0
"""The figures of calls: settings of the definitions, each with its reason."""

from __future__ import annotations

ROWS = "gateway-rows"
KEPT_ANSWERS = "gateway-kept-answers"
SKEW_SECONDS = "gateway-skew-seconds"
BODY_BYTES = "gateway-body-bytes"
KEY_DAYS = "gateway-key-days"
OVERLAP_DAYS = "gateway-key-overlap-days"
