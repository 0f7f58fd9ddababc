# SPDX-License-Identifier: Apache-2.0
"""What a granted item leaves for later cases: the documents it accepted and the results it issued.

Only a grant does: what was put right on the way, or came with something refused, was accepted by nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from yiwang.apps.commitments.public import Granted, granted
from yiwang.apps.licences.public import licences
from yiwang.apps.materials.public import Accepted, keep_accepted
from yiwang.engines.definitions.kinds import Material
from yiwang.engines.definitions.kinds.elements import Subject
from yiwang.engines.definitions.kinds.materials import MaterialKind
from yiwang.engines.planning import Supply

from ..models import ItemCase
from ._context import Context


def keep_for_later(context: Context, case: ItemCase, results: Sequence[str]) -> None:
    """Keep the item's documents and non-licence results as e-materials (电子材料)."""
    found = [*_documents(context, case), *_results(context, case, results)]
    keep_accepted(context.actor, found, context.release.catalogue, at=context.now)


def keep_commitments(context: Context, case: ItemCase, results: Sequence[str]) -> None:
    """What was granted on commitments is checked afterwards: say which results rest on them."""
    needed = [use.material for use in context.definition(case).materials if use.commitment]
    rows = context.application.documents.filter(
        material__in=needed, resolution=Supply.COMMITMENT.value
    ).exclude(letter="")
    application = context.application
    form = {**application.answers, **application.form}
    what = Granted(case.item, case.org, case.place, results, form)
    granted(context.actor, [row.letter for row in rows], what, context.release, now=context.now)


def _documents(context: Context, case: ItemCase) -> Iterator[Accepted]:
    """The documents that the applicant handed in and this item needs."""
    needed = [use.material for use in context.definition(case).materials]
    rows = context.application.documents.filter(material__in=needed, deferred=False).order_by("id")
    for row in rows.filter(resolution=Supply.APPLICANT.value):
        material = context.release.catalogue.materials[row.material]
        yield _accepted(context, case, material, files=row.files)


def _results(context: Context, case: ItemCase, results: Sequence[str]) -> Iterator[Accepted]:
    for one in licences(results):
        material = context.release.catalogue.materials[one.material]
        if material.kind is MaterialKind.RESULT:
            yield _accepted(context, case, material, result=one.public_id)


def _accepted(
    context: Context, case: ItemCase, material: Material, *, files: Sequence[str] = (), result: str = ""
) -> Accepted:
    """About whom it is: what is about a person concerns the one who handles the application (as when
    it is looked up), a result concerns the applicant, to whom it was issued."""
    application = context.application
    about_agent = material.subject is Subject.PERSON and not result
    return Accepted(
        material=material.id,
        about=application.agent if about_agent else application.subject,
        application=application.public_id,
        item=case.item,
        org=case.org,
        files=tuple(files),
        result=result,
    )
