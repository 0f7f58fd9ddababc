# SPDX-License-Identifier: Apache-2.0
"""Tables of licences, one module for each part of the room."""

from __future__ import annotations

from .licence import Form, Licence, LicenceEvent, LicenceFile, Trial
from .sampling import LicenceComplaint, SampledLicence, Sampling
from .stock import Responsibility, StockProblem, StockSheet, StockTarget
from .sync import FlowBack, FlowBackProblem, FlowedBack, IndexPush, ReceivedFile
from .templates import TemplateVersion

__all__ = [
    "FlowBack",
    "FlowBackProblem",
    "FlowedBack",
    "Form",
    "IndexPush",
    "Licence",
    "LicenceComplaint",
    "LicenceEvent",
    "LicenceFile",
    "ReceivedFile",
    "Responsibility",
    "SampledLicence",
    "Sampling",
    "StockProblem",
    "StockSheet",
    "StockTarget",
    "TemplateVersion",
    "Trial",
]
