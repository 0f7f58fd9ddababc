# SPDX-License-Identifier: Apache-2.0
"""Try right after a licence was issued whether it can be drawn, and keep what is wrong as a task."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from yiwang.apps.journal.public import send
from yiwang.kernel.errors import YiwangError

from .drawing import try_to_draw
from .models import Licence, Trial

TRIAL = "licence.trial"
"""The topic of the messages: plugged to `try_licence` in `wiring`."""
_MOST = 500


def ask_for_trial(licence: Licence) -> None:
    """Have it tried after the caller's transaction, whatever comes of it. One message a version."""
    key = f"{TRIAL}:{licence.public_id}:{licence.version}"
    send(TRIAL, key, {"licence": licence.public_id})


def try_licence(key: str, payload: Mapping[str, Any]) -> None:
    """Deliver one message: lay the licence out, keep what is wrong, or that nothing is."""
    licence = Licence.objects.filter(public_id=payload["licence"]).first()
    if licence is not None and licence.sealed_at is None:
        keep_trial(licence, trial_of(licence))


def trial_of(licence: Licence) -> str:
    """What is wrong with drawing the licence and what to do; empty when nothing is."""
    try:
        try_to_draw(licence)
    except YiwangError as error:
        return str(error)
    return ""


def keep_trial(licence: Licence, fault: str) -> None:
    """Note the outcome of a trial for the list of those that await their seal."""
    Trial.objects.update_or_create(
        licence=licence, defaults={"tried_at": timezone.now(), "fault": fault[:_MOST]}
    )
