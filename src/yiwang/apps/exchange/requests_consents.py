# SPDX-License-Identifier: Apache-2.0
"""Which written consent to a third party fits a request as it stands now."""

from __future__ import annotations

from .domain.consenting import digest_of
from .models import Consent, DataRequest


def consented(row: DataRequest) -> str:
    """The digest of what a consent to this request, as it stands, would be to."""
    return digest_of(
        request=row.public_id,
        resource=row.resource,
        fields=row.fields,
        purpose=row.purpose,
        third_party=row.third_party,
    )


def consent_for(row: DataRequest) -> Consent | None:
    """The newest consent that fits the request, or None."""
    fitting = row.consents.filter(digest=consented(row), third_party=row.third_party)
    return fitting.order_by("-id").first()
