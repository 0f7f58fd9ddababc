# SPDX-License-Identifier: Apache-2.0
"""One resolver for every input: where is there already an answer?

Give a :class:`Resolver` its providers and a log, ask it :class:`Question` s, get a
:class:`Resolution` for each. It asks in the fixed order of :class:`ProviderKind` (e-licence, shared
data, e-material, earlier step of this plan, commitment, deferral, applicant), fails closed, and
hands every look into kept data to the log with purpose and basis.
"""

from __future__ import annotations

from yiwang.engines.evidence.judge import objection
from yiwang.engines.evidence.model import (
    ORDINARY_WAYS,
    Answer,
    Asked,
    Context,
    Look,
    LookOutcome,
    Provider,
    ProviderKind,
    Question,
    QuestionKey,
    Refusal,
    Resolution,
    Standing,
)
from yiwang.engines.evidence.providers import (
    ApplicantProvider,
    EarlierStepProvider,
    FactsProvider,
    Ground,
    HeldLicence,
    Offer,
    OfferProvider,
    given_value,
)
from yiwang.engines.evidence.resolver import Resolver, merged

__all__ = [
    "ORDINARY_WAYS",
    "Answer",
    "ApplicantProvider",
    "Asked",
    "Context",
    "EarlierStepProvider",
    "FactsProvider",
    "Ground",
    "HeldLicence",
    "Look",
    "LookOutcome",
    "Offer",
    "OfferProvider",
    "Provider",
    "ProviderKind",
    "Question",
    "QuestionKey",
    "Refusal",
    "Resolution",
    "Resolver",
    "Standing",
    "given_value",
    "merged",
    "objection",
]
