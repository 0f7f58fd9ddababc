# SPDX-License-Identifier: Apache-2.0
"""The credit definitions of a release, ready to be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from yiwang.engines.definitions import Catalogue
from yiwang.engines.definitions.citing import quoted_words
from yiwang.engines.definitions.kinds.base import Citation, Source
from yiwang.kernel.errors import NotFound

from .evaluation_kinds import Evaluation
from .kinds import FOLDER, CreditEntry, CreditMeasure, CreditRepair
from .report_kinds import CreditReport
from .score_kinds import BenefitScene, PersonalScore


@dataclass(frozen=True)
class CreditBook:
    """Entries, measures and repair conditions by id."""

    entries: Mapping[str, CreditEntry] = field(default_factory=dict)
    measures: Mapping[str, CreditMeasure] = field(default_factory=dict)
    repairs: Mapping[str, CreditRepair] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    evaluations: Mapping[str, Evaluation] = field(default_factory=dict)
    reports: Mapping[str, CreditReport] = field(default_factory=dict)
    scores: Mapping[str, PersonalScore] = field(default_factory=dict)
    scenes: Mapping[str, BenefitScene] = field(default_factory=dict)

    @classmethod
    def of(cls, catalogue: Catalogue) -> CreditBook:
        """The credit definitions of a catalogue."""
        known = catalogue.others.get(FOLDER, {})
        return cls(
            {key: one for key, one in known.items() if isinstance(one, CreditEntry)},
            {key: one for key, one in known.items() if isinstance(one, CreditMeasure)},
            {key: one for key, one in known.items() if isinstance(one, CreditRepair)},
            catalogue.sources,
            {key: one for key, one in known.items() if isinstance(one, Evaluation)},
            {key: one for key, one in known.items() if isinstance(one, CreditReport)},
            {key: one for key, one in known.items() if isinstance(one, PersonalScore)},
            {key: one for key, one in known.items() if isinstance(one, BenefitScene)},
        )

    def cited(self, cite: Citation) -> str:
        """A citation in words: document, number, clause, what it says."""
        return quoted_words(self, cite)

    def entry(self, entry: str) -> CreditEntry:
        """The entry with this id. Raises NotFound."""
        if found := self.entries.get(entry):
            return found
        raise NotFound(
            f"公共信用信息目录里没有“{entry}”。", mend="请核对目录编号；目录之外的信息不记入信用。"
        )

    def evaluation(self, evaluation: str) -> Evaluation:
        """The evaluation with this id. Raises NotFound."""
        if found := self.evaluations.get(evaluation):
            return found
        known = "、".join(sorted(self.evaluations)) or "还没有"
        raise NotFound(f"没有编号为“{evaluation}”的综合评价办法。", mend=f"现有的：{known}。")

    def wants_clean(self, entry: str) -> bool:
        """Whether an entry is a list only for whom no record speaks against."""
        found = self.entries.get(entry)
        return found is not None and found.entering is not None and found.entering.clean

    def report(self, report: str) -> CreditReport:
        """The version of the credit report with this id. Raises NotFound."""
        if found := self.reports.get(report):
            return found
        raise NotFound("没有这种信用报告。", mend="请从列出的报告中选择。")

    def repair_of(self, entry: CreditEntry) -> CreditRepair | None:
        """The conditions under which records of an entry are repaired."""
        return self.repairs.get(entry.repair or "")
