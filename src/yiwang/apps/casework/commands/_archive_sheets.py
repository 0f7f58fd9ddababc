# SPDX-License-Identifier: Apache-2.0
"""The sheets of an archive package: what the rows of an application say, as JSON in a fixed order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from yiwang.apps.commitments.public import LetterView, letters
from yiwang.apps.licences.public import LicenceView

from ..models import Application, ItemCase

_APPLICATION = (
    "public_id", "number", "life_event", "release", "subject", "agent", "channel", "started_by",
    "receiving_place", "handling_place", "stage", "answers", "choice", "form", "plan",
    "delivery", "delivery_address", "created_at", "submitted_at", "due_on", "finished_at",
)  # fmt: skip
_DOCUMENT = (
    "material", "resolution", "evidence", "files", "deferred", "promised_at", "due_on", "lapsed_at",
    "supplied_at", "letter", "own_way",
)  # fmt: skip
_LETTER = ("public_id", "agent", "authority", "version", "text", "signed_at", "signed_by", "signature")
_RESULT = (
    "public_id", "material", "number", "holder", "issuer", "fields", "valid_from", "valid_until", "case",
)  # fmt: skip
_MOVE = ("transition", "before", "after", "at", "actor", "words", "step")
_CLOCK = ("kind", "on", "recorded_on", "step", "days", "reason", "by")
_DECISION = ("granted", "reason", "remedy", "results", "at", "by", "by_name")
_CORRECTION = ("points", "asked_at", "asked_by", "supplied_at")
_FINDING = ("passed", "words", "by", "at")


def application_sheet(application: Application) -> dict[str, Any]:
    """What was applied for, by whom, for whom, how; the acknowledgement; hand-overs and deliveries."""
    handovers = application.handovers.order_by("id").values("from_place", "to_place", "at", "by", "words")
    deliveries = application.deliveries.order_by("id").values("method", "items", "tracking", "at", "by")
    return {
        **_picked(application, _APPLICATION),
        "handovers": list(handovers),
        "deliveries": list(deliveries),
    }


def items_sheet(application: Application) -> list[dict[str, Any]]:
    """Each item: its moves, its clock, its correction, its decision."""
    return [_item(case) for case in application.items.order_by("id")]


def _item(case: ItemCase) -> dict[str, Any]:
    correction, decision = getattr(case, "correction", None), getattr(case, "decision", None)
    return {
        **_picked(case, ("public_id", "item", "org", "place", "state", "created_at", "closed_at")),
        "moves": [_picked(move, _MOVE) for move in case.moves.order_by("id")],
        "clock": list(case.clock.order_by("id").values(*_CLOCK)),
        "correction": _picked(correction, _CORRECTION) if correction else None,
        "decision": _picked(decision, _DECISION) if decision else None,
    }


def documents_sheet(application: Application, members: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    """Each document: where it came from, what was signed or promised for it, its files in the package."""
    rows = list(application.documents.order_by("material"))
    signed = letters([row.letter for row in rows])
    return [
        {
            **_picked(row, _DOCUMENT),
            "commitment": _commitment(signed.get(row.letter)),
            "members": list(members.get(row.material, ())),
        }
        for row in rows
    ]


def _commitment(letter: LetterView | None) -> dict[str, Any] | None:
    """What was shown and signed. What becomes of it after the decision is no part of this case."""
    return _picked(letter, _LETTER) if letter else None


def results_sheet(
    issued: Sequence[LicenceView], members: Mapping[str, Sequence[str]]
) -> list[dict[str, Any]]:
    """What each result says and states; how it stands later is no part of this case."""
    return [
        {**_picked(one, _RESULT), "fields": dict(one.fields), "members": list(members.get(one.public_id, ()))}
        for one in issued
    ]


def visits_sheet(application: Application) -> list[dict[str, Any]]:
    """Each site visit and what every department found."""
    return [
        {
            **_picked(visit, ("public_id", "target", "planned_on", "planned_by", "done_on")),
            "findings": [
                {"item": finding.item_case.item, **_picked(finding, _FINDING)}
                for finding in visit.findings.select_related("item_case").order_by("id")
            ],
        }
        for visit in application.visits.order_by("id")
    ]


def _picked(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
