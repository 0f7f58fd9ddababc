# SPDX-License-Identifier: Apache-2.0
"""The door of commitments (告知承诺).

1. `commitment_text` makes the words from the definitions; `bars` says whether credit keeps a subject from
   committing today, by which record.
2. Casework `sign`s in a draft (`drop` takes it back), `count`s at submission: from then on the letter is
   the proof. `authorise` lets an agent commit for a firm. Before the decision the applicant may `withdraw`.
3. Before a grant `require_standing`.
4. A granted item tells what rests on its letters (`granted`): the check is set. Officers see `due_checks`,
   write down each `look`, `ask_help` of another body (`asked_of_us`, `answer_help`), and conclude:
   `conclude_true`, or `conclude_untrue`, by which the licences end at once; `note_mended`.
5. A department's list is what the release says; its versions go through justice and the government
   (`send_list`, `review_list`, `approve_list`, `file_list`), without which `guard_publication` lets no
   release be put in force. `lists_in_force` is for everybody. A county's
   list is `draw_up_county_list` of the release in force, reviewed, published (`publish_county_list`), filed;
   `county_lists` is for everybody.
6. `letters` shows a letter with its facts; `own_letters`, `own_letter` show the whole chain
   to whom it is about.
"""

from __future__ import annotations

from yiwang.apps.credit.public import Severity

from .bars import bar_words, bars
from .chain import Link, OwnLetter, own_letter, own_letters
from .commands._chain import NoSuchLetter
from .commands.checking import NoSuchCheck, answer_help, ask_help, conclude_true, look
from .commands.comparing import compare_due
from .commands.granting import Granted, granted
from .commands.listing import (
    approve_list,
    draw_up_county_list,
    file_list,
    guard_publication,
    publish_county_list,
    review_list,
    send_list,
)
from .commands.signing import Signing, authorise, count, drop, require_standing, sign, withdraw
from .commands.untrue import Handled, Untruth, conclude_untrue, note_mended, untrue_before_grant
from .domain.listing import Line, ListState
from .domain.states import CheckState, Found, LetterState, Method
from .domain.texts import CommitmentText, authority_words, commitment_text
from .list_parts import LISTS, NoSuchList
from .listing import (
    Changed,
    CountyList,
    ListInForce,
    ListRow,
    ListView,
    StepView,
    counties_to_draw_up,
    county_lists,
    list_view,
    lists_in_force,
    lists_to_send,
    lists_to_work_on,
)
from .parts import CHECKS
from .plugs import Question, Reply, Source, use_source
from .queries import FactView, LetterView, has_authority, letters
from .seeing import AssistanceView, CheckRow, CheckView, asked_of_us, check_view, due_checks
from .showing import ShownLetter, shown_letters

__all__ = [
    "CHECKS",
    "LISTS",
    "AssistanceView",
    "Changed",
    "CheckRow",
    "CheckState",
    "CheckView",
    "CommitmentText",
    "CountyList",
    "FactView",
    "Found",
    "Granted",
    "Handled",
    "LetterState",
    "LetterView",
    "Line",
    "Link",
    "ListInForce",
    "ListRow",
    "ListState",
    "ListView",
    "Method",
    "NoSuchCheck",
    "NoSuchLetter",
    "NoSuchList",
    "OwnLetter",
    "Question",
    "Reply",
    "Severity",
    "ShownLetter",
    "Signing",
    "Source",
    "StepView",
    "Untruth",
    "answer_help",
    "approve_list",
    "ask_help",
    "asked_of_us",
    "authorise",
    "authority_words",
    "bar_words",
    "bars",
    "check_view",
    "commitment_text",
    "compare_due",
    "conclude_true",
    "conclude_untrue",
    "count",
    "counties_to_draw_up",
    "county_lists",
    "draw_up_county_list",
    "drop",
    "due_checks",
    "file_list",
    "granted",
    "guard_publication",
    "has_authority",
    "letters",
    "list_view",
    "lists_in_force",
    "lists_to_send",
    "lists_to_work_on",
    "look",
    "note_mended",
    "own_letter",
    "own_letters",
    "publish_county_list",
    "require_standing",
    "review_list",
    "send_list",
    "shown_letters",
    "sign",
    "untrue_before_grant",
    "use_source",
    "withdraw",
]
