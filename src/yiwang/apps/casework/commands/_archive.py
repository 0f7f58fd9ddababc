# SPDX-License-Identifier: Apache-2.0
"""归档包: one file with everything of a finished application, named by its digest."""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
from pathlib import Path
from typing import Any

from django.conf import settings

from yiwang.apps.journal.public import entries_of
from yiwang.apps.licences.public import licences
from yiwang.apps.materials.public import content_of

from ..models import Application, ArchivePackage
from ._context import Context

_EPOCH = (1980, 1, 1, 0, 0, 0)  # zip members carry no clock, so the same content gives the same bytes


def write_package(context: Context) -> str:
    """Write the package of a closed application under the data directory; returns its SHA-256.

    The file is written beside its name, flushed, then renamed: a half-written package never has
    the name. A package that is written and whose transaction then fails is an orphan, not a lie.
    """
    body = _packed(context)
    sha256 = hashlib.sha256(body).hexdigest()
    relative = f"archive/{context.now:%Y/%m}/{context.application.number}-{sha256[:12]}.zip"
    path = Path(settings.DATA_DIR) / relative
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    with temporary.open("wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    temporary.rename(path)
    ArchivePackage.objects.create(
        application=context.application, path=relative, sha256=sha256, at=context.now
    )
    context.note("application.archived", detail={"sha256": sha256})
    return sha256


def _packed(context: Context) -> bytes:
    application = context.application
    members: dict[str, bytes] = {
        "application.json": _json(_application(application)),
        "items.json": _json([_item(case) for case in application.items.order_by("id")]),
        "journal.json": _json(entries_of(f"case:{application.public_id}")),
    }
    ids = [r for case in application.items.all() if hasattr(case, "decision") for r in case.decision.results]
    members["results.json"] = _json([vars(one) for one in licences(ids)])
    for document in application.documents.order_by("id"):
        for number, file_id in enumerate(document.files, start=1):
            name, content = content_of(file_id)
            members[f"documents/{document.material}/{number}-{name}"] = content
    manifest = {name: hashlib.sha256(body).hexdigest() for name, body in sorted(members.items())}
    members["manifest.json"] = _json(manifest)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(members.items()):
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _application(a: Application) -> dict[str, Any]:
    keep = (
        "number",
        "life_event",
        "release",
        "subject",
        "agent",
        "channel",
        "answers",
        "choice",
        "form",
        "plan",
    )
    dates = {name: getattr(a, name) for name in ("submitted_at", "due_on", "finished_at")}
    return {name: getattr(a, name) for name in keep} | dates


def _item(case: Any) -> dict[str, Any]:
    decision = getattr(case, "decision", None)
    return {
        "item": case.item,
        "org": case.org,
        "place": case.place,
        "state": case.state,
        "moves": list(
            case.moves.order_by("id").values("transition", "before", "after", "at", "actor", "words")
        ),
        "clock": list(
            case.clock.order_by("id").values("kind", "on", "recorded_on", "step", "days", "reason")
        ),
        "decision": {"granted": decision.granted, "reason": decision.reason} if decision else None,
    }


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, default=str).encode()
