# SPDX-License-Identifier: Apache-2.0
"""Tables of the exchange, one module for each part of the room."""

from __future__ import annotations

from .cascade import (
    ProvinceLink,
    ProvinceMessage,
    ProvincialRequest,
    ProvincialResource,
    ProvincialUser,
    ReturnedBatch,
    ReturnedContent,
)
from .catalogue import CensusEntry, Need, NeedEdition, NeedStep
from .grants import Grant
from .projects import ItProject, ProjectOpinion
from .requests import Consent, DataRequest, RequestMove

__all__ = [
    "CensusEntry",
    "Consent",
    "DataRequest",
    "Grant",
    "ItProject",
    "Need",
    "NeedEdition",
    "NeedStep",
    "ProjectOpinion",
    "ProvinceLink",
    "ProvinceMessage",
    "ProvincialRequest",
    "ProvincialResource",
    "ProvincialUser",
    "RequestMove",
    "ReturnedBatch",
    "ReturnedContent",
]
