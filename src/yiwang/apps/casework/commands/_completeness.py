# SPDX-License-Identifier: Apache-2.0
"""What an application still lacks: every field and document that is missing or wrong, all at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from yiwang.apps.catalogue.public import OpenRelease
from yiwang.apps.commitments.public import commitment_text, letters
from yiwang.engines.definitions.kinds import Element
from yiwang.engines.planning import AnswerSource, MaterialLine, Plan
from yiwang.kernel.errors import Invalid

from ..domain.documents import NOTHING, Handed, complaint_of
from ..domain.values import read
from ..held import stands_by_e_material
from ..models import Application, Document

Problem = tuple[str, str]
"""(element or material id, what to do)."""


class NotComplete(Invalid):
    """What is missing or wrong, all of it at once: `problems` is (element or material id, words)."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__(f"还有 {len(problems)} 处没有填好。", mend="请按提示补全后再提交，已填的都还在。")


def problems_of(application: Application, release: OpenRelease, planned: Plan) -> list[Problem]:
    """Every field and document that is missing or wrong before submission."""
    found = [(q.element, f"请先回答：{q.question}") for q in planned.questions]
    for field in planned.form.fields:
        if field.source is AnswerSource.APPLICANT:
            raw = application.form.get(field.element)
            wanted = field.required and not field.conditional
            found += _field_problem(release.catalogue.elements[field.element], raw, wanted)
    rows = {row.material: row for row in application.documents.all()}
    signed = versions_signed(rows.values())
    for line in planned.materials.lines:
        handed = handed_of(rows.get(line.material), signed)
        if complaint := complaint_of(line, handed, text_version(release, line)):
            found.append((line.material, complaint))
    if not application.delivery:
        found.append(("delivery", "请选择领取方式"))
    return found


def corrections_left(
    application: Application, release: OpenRelease, targets: Collection[str]
) -> list[Problem]:
    """What of a correction is still to do: a field without a readable value, a document without a file."""
    known = {**application.answers, **application.form}
    rows = {row.material: row for row in application.documents.all()}
    found: list[Problem] = []
    for target in sorted(targets):
        if element := release.catalogue.elements.get(target):
            found += _field_problem(element, known.get(target), wanted=True)
        elif not _is_there(rows.get(target)):
            found.append((target, f"请上传“{release.catalogue.materials[target].name}”"))
    return found


def _is_there(row: Document | None) -> bool:
    """A file, or a licence on record. The document of an earlier case does not answer a correction:
    it is what was found wanting."""
    if row is None or stands_by_e_material(row):
        return row is not None and bool(row.files)
    return bool(row.files or row.evidence)


def versions_signed(rows: Iterable[Document]) -> Mapping[str, str]:
    """Letter → the version of the text that was signed with it."""
    return {one.public_id: one.version for one in letters([row.letter for row in rows]).values()}


def handed_of(row: Document | None, signed: Mapping[str, str]) -> Handed:
    """What the applicant did about a document; `signed`: see `versions_signed`."""
    if row is None:
        return NOTHING
    return Handed(files=bool(row.files), promised=row.deferred, signed=signed.get(row.letter, ""))


def text_version(release: OpenRelease, line: MaterialLine) -> str:
    """The version of the commitment that may be signed for a line of the plan; empty: none may."""
    text = commitment_text(release.catalogue, line.material, line.required_by)
    return text.version if text else ""


def _field_problem(element: Element, raw: object, wanted: bool) -> list[Problem]:
    if raw in (None, ""):
        return [(element.id, f"请填写“{element.name}”")] if wanted else []
    try:
        read(element, raw)
    except Invalid as error:
        return [(element.id, f"“{element.name}”：{error}")]
    return []
