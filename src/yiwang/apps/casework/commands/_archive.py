# SPDX-License-Identifier: Apache-2.0
"""预归档: one package with everything of a finished application, named by its digest.

Made from rows that do not change any more, in a fixed order and without clocks, so the same
application gives the same bytes (`journal_length` and `results` say how much belonged to it then).
The format, and how to check one without us, is in `docs/formats/archive.md`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Collection, Sequence
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from yiwang.apps.journal.public import entries_of
from yiwang.apps.licences.public import LicenceView, licences
from yiwang.apps.materials.public import content_of, describe
from yiwang.engines.archives import Member, Retention, file_name, pack
from yiwang.engines.archives.packing import as_json

from ..archives import LOCK
from ..declarations import declared_files
from ..domain.settings import ARCHIVE_YEARS, archive_source, setting
from ..held import files_of, kept_for
from ..models import Application, ArchivePackage
from ..queries import release_for
from ._archive_reading import README, case_text
from ._archive_sheets import application_sheet, documents_sheet, items_sheet, results_sheet, visits_sheet
from ._context import Context
from ._sealed import sealed_files


def sealed_since(application: Application) -> bool:
    """Whether every result that awaited its seal when the package was written is sealed now."""
    return application.awaits_seal and not any(one.awaiting_seal for one in _issued(application))


def write_package(context: Context) -> str:
    """Write the package of a closed application under the data directory; returns its SHA-256.

    The file is written beside its name, flushed, then renamed: a half-written package never has
    the name. A package that is written and whose transaction then fails is an orphan, not a lie.
    A result that is sealed later makes the worker write a later package, with the sealed files.

    Raises Unavailable when the content of an uploaded file is gone or damaged, or the release does
    not say how long packages are kept.
    """
    application = context.application
    length = len(entries_of(f"case:{application.public_id}"))
    sealed = [one.public_id for one in _issued(application) if one.sealed_at is not None]
    body = packed(application, journal_length=length, sealed=sealed)
    sha256 = hashlib.sha256(body).hexdigest()
    relative = f"archive/{context.now:%Y/%m}/{_name(application)}-{sha256[:12]}.zip.locked"
    place = Path(settings.DATA_DIR) / relative
    _write(place, LOCK.lock(place.name, body))
    ArchivePackage.objects.create(
        application=application,
        path=relative,
        sha256=sha256,
        journal_length=length,
        results=sealed,
        keep_until=retention_of(application).until,
        at=context.now,
    )
    application.archive_due = False
    application.awaits_seal = any(one.awaiting_seal for one in _issued(application))
    application.save(update_fields=["archive_due", "awaits_seal"])
    context.note("application.archived", detail={"sha256": sha256})
    return sha256


def packed(application: Application, *, journal_length: int, sealed: Collection[str] = ()) -> bytes:
    """The bytes of the package.

    Args:
        journal_length: how many of the first entries of the case's journal go in.
        sealed: the results whose sealed files go in.
    """
    issued = _issued(application)
    documents, files = _documents(application)
    results, results_in = _results(issued, sealed)
    journal = entries_of(f"case:{application.public_id}")[:journal_length]
    members = {
        "application.json": Member(as_json(application_sheet(application)), "申请、受理、送达"),
        "case.txt": Member(case_text(application, issued).encode(), "办件概要，供人阅读"),
        "documents.json": Member(as_json(documents_sheet(application, documents)), "材料登记"),
        "items.json": Member(as_json(items_sheet(application)), "各事项的流转、期限、补正、决定"),
        "journal.json": Member(as_json(journal), "本办件的日志"),
        "README.txt": Member(README.encode(), "怎样阅读和核对本包"),
        "results.json": Member(as_json(results_sheet(issued, results)), "核发的证照和结果"),
        "visits.json": Member(as_json(visits_sheet(application)), "现场踏勘"),
        **{name: Member(*content) for name, content in declared_files(application).items()},
    }
    return pack(members | files | results_in, _about(application, journal_length), retention_of(application))


def retention_of(application: Application) -> Retention:
    """How long the package is kept: from the year after the case was closed. Raises Unavailable."""
    catalogue = release_for(application).catalogue
    years = int(str(setting(catalogue, ARCHIVE_YEARS)))
    closed = timezone.localdate(application.finished_at or application.created_at)
    return Retention(years or None, dt.date(closed.year + 1, 1, 1), archive_source(catalogue))


def _about(application: Application, journal_length: int) -> dict[str, object]:
    known = release_for(application).catalogue.life_events.get(application.life_event)
    return {
        "what": "政务服务办件归档包",
        "id": application.public_id,
        "number": application.number,
        "life_event": application.life_event,
        "name": known.name if known else application.life_event,
        "release": application.release,
        "stage": application.stage,
        "submitted_at": str(application.submitted_at),
        "finished_at": str(application.finished_at),
        "journal_length": journal_length,
    }


def _issued(application: Application) -> list[LicenceView]:
    decided = [case.decision for case in application.items.order_by("id") if hasattr(case, "decision")]
    return sorted(licences([r for d in decided for r in d.results]), key=lambda one: one.public_id)


def _documents(application: Application) -> tuple[dict[str, list[str]], dict[str, Member]]:
    """The files of every document: their names in the package by material, and the files."""
    names: dict[str, list[str]] = {}
    files: dict[str, Member] = {}
    rows = list(application.documents.order_by("material"))
    kept = kept_for(rows)
    for row in rows:
        for number, stored in enumerate(describe(files_of(row, kept)), start=1):
            name = file_name(f"documents/{row.material}", number, stored.kind)
            original, content = content_of(stored.public_id)
            names.setdefault(row.material, []).append(name)
            files[name] = Member(content, "申请人提交的材料", original)
    return names, files


def _results(
    issued: Sequence[LicenceView], sealed: Collection[str]
) -> tuple[dict[str, list[str]], dict[str, Member]]:
    """The sealed files of every result: their names in the package by result, and the files."""
    names: dict[str, list[str]] = {}
    files: dict[str, Member] = {}
    for one in issued:
        if one.public_id in sealed:
            for kind, content in sealed_files(one.public_id):
                name = file_name(f"results/{one.public_id}", 1, kind)
                names.setdefault(one.public_id, []).append(name)
                files[name] = Member(content, "加盖电子印章的证照、结果")
    return names, files


def _write(path: Path, body: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    temporary.rename(path)


def _name(application: Application) -> str:
    return application.number or application.public_id
