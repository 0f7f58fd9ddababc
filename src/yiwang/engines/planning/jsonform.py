# SPDX-License-Identifier: Apache-2.0
"""A plan as JSON (docs/formats/plan.md): the same plan gives the same bytes."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.citing import cite_words
from yiwang.engines.definitions.kinds import Citation
from yiwang.engines.rules.values import Value

from .errors import NotEligible
from .model import FormField, MaterialLine, Plan, PlannedItem, Savings, Timetable

FORMAT = "yiwang-plan/1"


def to_text(document: Mapping[str, Any]) -> str:
    """A document as text, keys in their order, ending with a line break."""
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def to_json(plan: Plan, catalogue: Catalogue, *, reveal: bool = False) -> dict[str, Any]:
    """The plan as a document of plain values. Sensitive values are null unless `reveal`."""
    return {
        "format": FORMAT,
        "catalogue": plan.catalogue,
        "life_event": {"id": plan.life_event, "name": plan.name},
        "start": _day(plan.start),
        "eligible": True,
        "refusals": [],
        "open_conditions": [
            {"reason": one.reason, "cite": _cite(catalogue, one.cite), "undecided_by": list(one.undecided_by)}
            for one in plan.open_conditions
        ],
        "items": [_item(catalogue, one) for one in plan.items],
        "questions": [
            {"element": one.element, "name": one.name, "question": one.question, "why": one.why}
            for one in plan.questions
        ],
        "form": {
            "fields": [_field(one, reveal=reveal) for one in plan.form.fields],
            "questions": _savings(plan.form.savings),
        },
        "materials": [_material(catalogue, one) for one in plan.materials.lines],
        "documents": _savings(plan.materials.savings),
        "fees": [
            {
                "item": one.item,
                "name": one.name,
                "standard": one.standard,
                "amount_fen": one.amount_fen,
                "conditional": one.conditional,
                "cite": _cite(catalogue, one.cite),
            }
            for one in plan.fees
        ],
        "edges": [
            {"before": one.before, "after": one.after, "kind": one.kind.value, "what": one.what}
            for one in plan.edges
        ],
        "stages": [list(stage.items) for stage in plan.stages],
        "departments": [
            [{"department": name, "items": list(items)} for name, items in stage.departments]
            for stage in plan.stages
        ],
        "visits": [
            {
                "place": one.place,
                "name": one.place_name,
                "items": list(one.items),
                "first_day": _day(one.first_day),
                "last_day": _day(one.last_day),
            }
            for one in plan.visits
        ],
        "visit_count": _savings(plan.visit_savings),
        **_dates(plan.timetable),
    }


def refusal_json(refused: NotEligible, catalogue: Catalogue) -> dict[str, Any]:
    """What stands in the place of a plan for somebody who cannot take this way."""
    return {
        "format": FORMAT,
        "catalogue": catalogue.digest,
        "life_event": {"id": catalogue.life_event(refused.life_event).id, "name": refused.life_event},
        "eligible": False,
        "refusals": [
            {"reason": one.reason, "because": one.because, "cite": _cite(catalogue, one.cite)}
            for one in refused.refusals
        ],
        "items": [],
    }


def _item(catalogue: Catalogue, item: PlannedItem) -> dict[str, Any]:
    return {
        "code": item.id,
        "name": item.name,
        "department": item.department,
        "org": item.org,
        "included": item.included,
        "optional": item.optional,
        "decided": item.decided,
        "undecided_by": list(item.undecided_by),
        "reason": item.reason,
        "cite": _cite(catalogue, item.cite) if item.cite else None,
    }


def _field(field: FormField, *, reveal: bool) -> dict[str, Any]:
    hidden = field.sensitive and not reveal
    return {
        "element": field.element,
        "name": field.name,
        "question": field.question,
        "group": field.group,
        "required": field.required,
        "conditional": field.conditional,
        "when": list(field.when),
        "asked_by": list(field.asked_by),
        "source": field.source.value,
        "known": field.value is not None,
        "value": None if hidden else _value(field.value),
        "reason": field.reason,
    }


def _material(catalogue: Catalogue, line: MaterialLine) -> dict[str, Any]:
    return {
        "id": line.material,
        "name": line.name,
        "required_by": list(line.required_by),
        "required": line.required,
        "conditional": line.conditional,
        "copies": line.copies,
        "paper_original": line.paper_original,
        "resolution": line.resolution.value,
        "produced_by": list(line.produced_by),
        "reason": line.reason,
        "free": line.free,
        "review_points": list(line.review_points),
        "cite": _cite(catalogue, line.cite),
    }


def _dates(dates: Timetable) -> dict[str, Any]:
    return {
        "windows": [
            {
                "item": one.item,
                "starts": _day(one.starts),
                "ends": _day(one.ends),
                "legal_end": _day(one.legal_end),
                "working_days": _number(one.days),
            }
            for one in dates.windows
        ],
        "working_days": {"serial": _number(dates.serial), "planned": _number(dates.planned)},
        "critical_path": list(dates.critical_path),
        "due_date": _day(dates.due_date),
        "due_by": dates.due_by.value,
        "computed_due_date": _day(dates.computed_due_date),
        "promised_due_date": _day(dates.promised_due_date) if dates.promised_due_date else None,
        "legal_due_date": _day(dates.legal_due_date),
        "provisional": dates.provisional,
        "calendar_version": dates.calendar_version,
    }


def _cite(catalogue: Catalogue, cite: Citation) -> dict[str, Any]:
    return {"doc": cite.doc, "at": cite.at, "words": cite_words(catalogue, cite)}


def _savings(savings: Savings) -> dict[str, int]:
    return {"wanted": savings.wanted, "given": savings.given, "saved": savings.saved}


def _day(day: dt.date) -> str:
    return day.isoformat()


def _number(value: Decimal) -> int | float:
    """Halves are exact in binary, so a float tells no lie here."""
    return int(value) if value == value.to_integral_value() else float(value)


def _value(value: Value) -> Any:
    match value:
        case None | bool() | str():
            return value
        case Decimal():
            return int(value) if value == value.to_integral_value() else format(value, "f")
        case dt.date():
            return value.isoformat()
        case tuple():
            return [_value(one) for one in value]
        case Mapping():
            return {key: _value(one) for key, one in value.items()}
        case _:
            return str(value)
