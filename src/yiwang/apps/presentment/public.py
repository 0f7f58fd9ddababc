# SPDX-License-Identifier: Apache-2.0
"""The door of presentment.

1. A holder calls up a licence (`call_up`), shows it (`begin_showing`, `fresh_code`), or lets a clerk
   use it (`authorise`).
2. Whoever scans uses the code up (`scan`); a clerk uses an authorisation (`use_by_code`,
   `use_as_named`). Both get the id of a use, whose page (`use`) shows what the purpose needs; the
   clerk may take the sealed file along (`fetch_file`) where the purpose shows everything.
3. Every look, and every look refused, is in the journal under the holder.
"""

from __future__ import annotations

from .commands._applications import judge_applications
from .commands.authorising import Given, NewAuthorisation, authorise, renew_code, revoke_authorisation
from .commands.calling import call_up, own_licences
from .commands.fetching import fetch_file, fetchable
from .commands.scanning import Offered, offered, scan
from .commands.showing import FreshCode, begin_showing, end_showing, forget_codes, fresh_code
from .commands.using import use_as_named, use_by_code
from .domain.codes import spoken, token_in
from .domain.purposes import purposes_in
from .domain.seen import Line, Seen
from .domain.settings import terms
from .queries import (
    LICENCE_LOOKS,
    AuthorisationView,
    ShowingView,
    UseView,
    addressed_to,
    authorisation,
    authorisations_of,
    own_licence,
    purposes_of,
    showing,
    standing_of,
    use,
)

__all__ = [
    "LICENCE_LOOKS",
    "AuthorisationView",
    "FreshCode",
    "Given",
    "Line",
    "NewAuthorisation",
    "Offered",
    "Seen",
    "ShowingView",
    "UseView",
    "addressed_to",
    "authorisation",
    "authorisations_of",
    "authorise",
    "begin_showing",
    "call_up",
    "end_showing",
    "fetch_file",
    "fetchable",
    "forget_codes",
    "fresh_code",
    "judge_applications",
    "offered",
    "own_licence",
    "own_licences",
    "purposes_in",
    "purposes_of",
    "renew_code",
    "revoke_authorisation",
    "scan",
    "showing",
    "spoken",
    "standing_of",
    "terms",
    "token_in",
    "use",
    "use_as_named",
    "use_by_code",
]
