# SPDX-License-Identifier: Apache-2.0
"""The door of lookups (共享数据查询).

1. `offers` says which open questions of an application which department's data may answer; nobody is
   asked yet.
2. The applicant agrees to all or some (`agree`); casework checks that it is their application.
3. `carry_out` asks, outside any transaction, several at once; `consented` tells how each stands.
4. `providers_for` answers the resolver from what is kept, until it expires.
5. `withdraw`, `forget` (the application has ended) and `forget_expired` delete what is kept.
"""

from __future__ import annotations

from .commands.asking import carry_out
from .commands.consenting import agree, ask_again, forget, forget_expired, withdraw
from .domain.offers import Granted, Offer
from .plugs import Exchange, Reply, Request, one_by_one, use_exchange
from .provider import NAME, SharedDataProvider, providers_for
from .queries import Asking, Consented, State, agreed, consented, lookups, offers
from .saved import saved_on

__all__ = [
    "NAME",
    "Asking",
    "Consented",
    "Exchange",
    "Granted",
    "Offer",
    "Reply",
    "Request",
    "SharedDataProvider",
    "State",
    "agree",
    "agreed",
    "ask_again",
    "carry_out",
    "consented",
    "forget",
    "forget_expired",
    "lookups",
    "offers",
    "one_by_one",
    "providers_for",
    "saved_on",
    "use_exchange",
    "withdraw",
]
