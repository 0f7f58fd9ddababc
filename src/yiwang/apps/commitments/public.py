# SPDX-License-Identifier: Apache-2.0
"""The door of commitments (告知承诺).

1. `commitment_text` makes the words from the definitions; `bars` says whether credit keeps a subject from
   committing today, by which record.
2. Casework `sign`s in a draft (`drop` takes it back), `count`s at submission: from then on the letter is
   the proof. `authorise` lets an agent commit for a firm. Before the decision the applicant may `withdraw`.
3. Before a grant `require_standing`.
4. `letters` shows a letter with its chain of facts.
"""

from __future__ import annotations

from .bars import bar_words, bars
from .commands.signing import Signing, authorise, count, drop, require_standing, sign, withdraw
from .domain.states import LetterState
from .domain.texts import CommitmentText, commitment_text
from .queries import FactView, LetterView, has_authority, letters

__all__ = [
    "CommitmentText",
    "FactView",
    "LetterState",
    "LetterView",
    "Signing",
    "authorise",
    "bar_words",
    "bars",
    "commitment_text",
    "count",
    "drop",
    "has_authority",
    "letters",
    "require_standing",
    "sign",
    "withdraw",
]
