# SPDX-License-Identifier: Apache-2.0
"""The door of the catalogue: `current()` for what is offered now, `release(digest)` for a case.

A policy is changed in the console: 1. `begin_policy`, `save_policy`; 2. `try_policy` on a population;
3. `hand_in_policy`, a second officer's `review_policy`; 4. `publish_policy`, at once or on a day (then the
worker does, `publish_due`). It is a release then; `amendments` are those that the files may not have yet.
"""

from __future__ import annotations

from .amendments import Amendment, Step, amendments, laid_over, step_of
from .commands import draft_release, publish_release, review_release
from .domain.search import Found
from .past import PastDefinition, past_of
from .plugs import use_publication_guards
from .policies import begin_policy, hand_in_policy, review_policy, save_policy, withdraw_policy
from .policy_parts import NoSuchDraft
from .policy_populations import all_registered
from .policy_publishing import publish_due, publish_policy
from .policy_queries import (
    DraftView,
    OpenDraft,
    draft_history,
    policies_of,
    policy_draft,
    policy_drafts,
    works_on_policies,
)
from .policy_trials import (
    Subjects,
    TrialView,
    Wanted,
    samples_of,
    trial_of,
    trial_view,
    trials_of,
    try_policy,
)
from .queries import (
    OpenRelease,
    ReleaseView,
    changes_in,
    current,
    current_digest,
    one_release,
    release,
    release_view,
    releases,
)

__all__ = [
    "Amendment",
    "DraftView",
    "Found",
    "NoSuchDraft",
    "OpenDraft",
    "OpenRelease",
    "PastDefinition",
    "ReleaseView",
    "Step",
    "Subjects",
    "TrialView",
    "Wanted",
    "all_registered",
    "amendments",
    "begin_policy",
    "changes_in",
    "current",
    "current_digest",
    "draft_history",
    "draft_release",
    "hand_in_policy",
    "laid_over",
    "one_release",
    "past_of",
    "policies_of",
    "policy_draft",
    "policy_drafts",
    "publish_due",
    "publish_policy",
    "publish_release",
    "release",
    "release_view",
    "releases",
    "review_policy",
    "review_release",
    "samples_of",
    "save_policy",
    "step_of",
    "trial_of",
    "trial_view",
    "trials_of",
    "try_policy",
    "use_publication_guards",
    "withdraw_policy",
    "works_on_policies",
]
