# SPDX-License-Identifier: Apache-2.0
"""A letter that stands for a proof, counted and granted on: its check is due at the department `OFFICE`."""

from __future__ import annotations

from django.utils import timezone

from support import city as town
from support import errands
from support.city import HERE, OFFICE, City
from yiwang.apps.casework import public as casework
from yiwang.apps.catalogue.public import current
from yiwang.apps.commitments import public as commitments
from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.release import digest_of
from yiwang.kernel.actor import system

MISSING = {
    "commitment_check": "ck_" + "0" * 26,
    "commitment_list": "pl_" + "0" * 26,
    "commitment_letter": "lt_" + "0" * 26,
}
KNOWS = {
    "commitment_check": {"handler", "approver"},
    "commitment_list": {"handler", "handler elsewhere", "approver"},
    "commitment_letter": {"representative of the firm", "agent"},
}
"""Parameter → who knows of it: officers where it is handled; all of the department; who acts for the firm."""
ITEM, PROOF = "drainage-permit", "drainage-works-report"


def around_commitments(city: City, application: str) -> dict[str, str]:
    """Path parameter → id: a check of a letter signed for this application of the firm."""
    opened, now, setup = current(), timezone.now(), system("测试准备")
    boss = city["representative of the firm"]
    text = commitments.commitment_text(opened.catalogue, PROOF, [ITEM])
    assert text is not None
    who = commitments.Signing(application, city.firm, boss.id, opened.digest)
    letter = commitments.sign(boss, who, text, now=now)
    commitments.count(boss, [letter], signature="", now=now)
    commitments.granted(setup, [letter], commitments.Granted(ITEM, OFFICE, HERE, []), opened, now=now)
    (due,) = commitments.due_checks(city["handler"])
    commitments.guard_publication(setup, None, with_proof_of(opened.catalogue, OFFICE))
    (own,) = commitments.lists_to_work_on(city["handler"])
    return {"commitment_check": due.public_id, "commitment_list": own.public_id, "commitment_letter": letter}


def handed_in(city: City) -> str:
    """An application for which its applicant signed letters instead of handing in the proofs."""
    owner, made = city["owner"], town.draft(city, ready=False)
    answers = {**town.ANSWERS, "drainage-way": "市政污水管网", "key-drainage-household": False}
    casework.save_answers(owner, made, answers, choice=None)
    errands.fill(owner, made)
    assert casework.draft_view(owner, made).problems == {}
    casework.submit(owner, made, key=f"committed-{made}")
    return made


def knows(persona: str, asked: set[str]) -> bool:
    """Whether the persona may know of every one of these things."""
    return all(persona in KNOWS[name] for name in asked & KNOWS.keys())


def with_proof_of(known: Catalogue, org: str) -> Catalogue:
    """A catalogue in which an item of this department lets a commitment stand for one more proof."""
    (model,) = [use.commitment for use in known.items[ITEM].materials if use.material == PROOF]
    found = next(one for one in known.items.values() if one.org == org and one.materials)
    first, *rest = found.materials
    changed = found.model_copy(
        update={"materials": [first.model_copy(update={"commitment": model, "deferrable": None}), *rest]}
    )
    folders = {**known.folders(), "items": {**known.items, found.id: changed}}
    return Catalogue.of(folders, digest=digest_of(folders))
