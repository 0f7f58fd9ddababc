# SPDX-License-Identifier: Apache-2.0
"""Who holds the licences of a sheet: known people and firms, or entered as a record without a login."""

from __future__ import annotations

from collections.abc import Sequence

from yiwang.apps.identity.public import (
    NewFirm,
    NewPerson,
    Subject,
    firms_by_code,
    load_firms,
    load_people,
    people_by_number,
)
from yiwang.kernel.actor import system

from .domain.stock_rows import CHIEF, CHIEF_CODE, HOLDER, HOLDER_CODE, RowProblem, StockRow

_ACTOR = system("存量证照持证主体登记")
_Found = tuple[dict[int, str], list[RowProblem]]


def find_holders(rows: Sequence[StockRow], *, create: bool) -> _Found:
    """The public id of the holder of each row, and what is wrong with the others. In the caller's
    transaction.

    Args:
        create: enter those that nobody registered yet: a person with name and number, a firm when the
            row names its legal representative. Nobody can log in as them until they come themselves.
    """
    people, wrong = _people([row for row in rows if not row.is_firm], create)
    firms, also_wrong = _firms([row for row in rows if row.is_firm], create)
    return {**people, **firms}, [*wrong, *also_wrong]


def _people(rows: Sequence[StockRow], create: bool) -> _Found:
    wanted = {(row.holder_code, row.holder) for row in rows}
    known = _known_people({code for code, _ in wanted})
    if create:
        known |= _enter_people(wanted, known)
    return _matched(rows, known)


def _known_people(numbers: set[str]) -> dict[str, Subject]:
    return people_by_number(numbers) if numbers else {}


def _enter_people(wanted: set[tuple[str, str]], known: dict[str, Subject]) -> dict[str, Subject]:
    """Enter the unknown; of two names for one number the first in order is entered, the other row is
    told that the name differs."""
    new: dict[str, str] = {}
    for code, name in sorted(wanted):
        if code not in known:
            new.setdefault(code, name)
    if not new:
        return {}
    load_people(_ACTOR, [NewPerson(name, code) for code, name in new.items()])
    return people_by_number(set(new))


def _matched(rows: Sequence[StockRow], known: dict[str, Subject]) -> _Found:
    found: dict[int, str] = {}
    wrong: list[RowProblem] = []
    for row in rows:
        subject = known.get(row.holder_code)
        if subject is None:
            mend = "请先办理登记，或者在表中补填法定代表人、法定代表人公民身份号码、成立日期、市场主体类型。"
            wrong.append(RowProblem(row.row, HOLDER_CODE, "没有登记过这个持证主体", mend))
        elif subject.name != row.holder:
            mend = "请核对名称和号码；改过名称的，填现在登记的名称。"
            wrong.append(RowProblem(row.row, HOLDER, "名称和这个号码登记的不一致", mend))
        else:
            found[row.row] = subject.public_id
    return found, wrong


def _firms(rows: Sequence[StockRow], create: bool) -> _Found:
    known = firms_by_code({row.holder_code for row in rows}) if rows else {}
    unknown = [row for row in rows if row.holder_code not in known and row.chief is not None]
    wrong: list[RowProblem] = []
    if create and unknown:
        entered, wrong = _enter_firms(unknown)
        known |= entered
    told = {problem.row for problem in wrong}
    found, also_wrong = _matched([row for row in rows if row.row not in told], known)
    return found, [*wrong, *also_wrong]


def _enter_firms(rows: Sequence[StockRow]) -> tuple[dict[str, Subject], list[RowProblem]]:
    """Enter firms with their legal representatives."""
    chiefs = {(row.chief.code, row.chief.name) for row in rows if row.chief}
    people = _known_people({code for code, _ in chiefs})
    people |= _enter_people(chiefs, people)
    wrong: list[RowProblem] = []
    new: dict[str, NewFirm] = {}
    for row in rows:
        chief = row.chief
        assert chief is not None
        person = people[chief.code]
        if person.name != chief.name:
            what = "姓名和这个公民身份号码登记的不一致"
            wrong.append(RowProblem(row.row, CHIEF, what, f"请核对“{CHIEF}”和“{CHIEF_CODE}”两列。"))
            continue
        firm = NewFirm(row.holder, row.holder_code, chief.kind, person.public_id, chief.founded)
        new.setdefault(row.holder_code, firm)
    if new:
        load_firms(_ACTOR, list(new.values()))
    return firms_by_code(set(new)), wrong
