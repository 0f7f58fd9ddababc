# SPDX-License-Identifier: Apache-2.0
"""A sample city made by an earlier version gets changed lists of commitments the way a real city does."""

from __future__ import annotations

from yiwang.apps.catalogue.public import current_digest
from yiwang.apps.commitments import public as commitments
from yiwang.engines.definitions import words
from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.kernel.actor import Actor, ActorKind, Post, Role


def pass_lists(catalogue: Catalogue, digest: str) -> int:
    """Have the lists that this release changes sent, reviewed and approved; how many."""
    if current_digest() is None:
        return 0
    sender = _officer("编制", *catalogue.orgs)
    justice = _officer("审核", words(catalogue, "commitment-list-reviewer"))
    government = _officer("审定", words(catalogue, "commitment-list-approver"))
    changed = [one for one in commitments.lists_to_send(sender) if one.release == digest]
    for one in changed:
        made = commitments.send_list(sender, one.org, digest, reason="示例城市升级，清单随之调整")
        commitments.review_list(justice, made, agree=True, words="同意")
        commitments.approve_list(government, made, agree=True, reference="示例审定")
    return len(changed)


def _officer(part: str, *orgs: str) -> Actor:
    posts = tuple(Post(Role.APPROVER, org) for org in orgs)
    return Actor(ActorKind.OFFICER, f"demo-lists-{part}", f"示例{part}人员", posts)
