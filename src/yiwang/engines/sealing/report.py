# SPDX-License-Identifier: Apache-2.0
"""What a verification says: numbered steps, each with its answer and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from yiwang.kernel.errors import YiwangError

Subject = TypeVar("Subject")
Check = Callable[[Subject], str]
"""Looks at one thing: says in Chinese what was found good, or raises SealingError with what is not."""

UNCHECKED = "前面有一步没有通过，这一步没有检查。"
_UNEXPECTED = "检查时出现意外情况，按不通过处理"


class Step(NamedTuple):
    """One numbered step. `ok` is False for a step that failed and for one that was not reached.

    Attributes:
        number: from 1. name: Chinese name. why: what was found, in Chinese. checked: False when not reached.
    """

    number: int
    name: str
    ok: bool
    why: str
    checked: bool = True


@dataclass(frozen=True)
class Report:
    """All steps of one verification, in order, and what was verified in one Chinese line."""

    steps: tuple[Step, ...]
    subject: str

    @property
    def ok(self) -> bool:
        """Whether every step passed; a report without steps did not."""
        return bool(self.steps) and all(step.ok for step in self.steps)

    @property
    def failed(self) -> Step | None:
        """The first step that did not pass."""
        return next((step for step in self.steps if not step.ok), None)

    def merge(self, other: Report) -> Report:
        """This report with the steps of another after its own, numbered on.

        When this one failed, the other's steps count as not checked: what follows a failure proves nothing.
        """
        after, fine = len(self.steps), self.ok or not self.steps
        return Report(
            self.steps
            + tuple(
                step._replace(number=after + at)
                if fine
                else Step(after + at, step.name, False, UNCHECKED, False)
                for at, step in enumerate(other.steps, 1)
            ),
            self.subject or other.subject,
        )


def walk(subject: Subject, checks: Sequence[tuple[str, Check[Subject]]]) -> tuple[Step, ...]:
    """Do the checks in order and stop at the first that fails; never raises.

    A fault nobody thought of fails the step: what cannot be checked does not pass.
    """
    steps: list[Step] = []
    for number, (name, check) in enumerate(checks, 1):
        if steps and not steps[-1].ok:
            steps.append(Step(number, name, False, UNCHECKED, False))
            continue
        try:
            steps.append(Step(number, name, True, check(subject)))
        except YiwangError as error:
            steps.append(Step(number, name, False, error.message))
        except Exception as error:
            steps.append(Step(number, name, False, f"{_UNEXPECTED}（{type(error).__name__}）。"))
    return tuple(steps)
