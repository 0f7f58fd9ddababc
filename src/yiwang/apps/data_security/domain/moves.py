# SPDX-License-Identifier: Apache-2.0
"""How incidents and supervision cases move: every state, every move, who makes it, by which article.

Declared here once, as data; commands, pages and the guide read it. All articles are those of
《驻马店市政务数据安全管理暂行办法》.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from yiwang.kernel.errors import Conflict, NotFound
from yiwang.kernel.termed import Stated


class Side(StrEnum):
    """Who makes a move."""

    UNIT = "unit"  # 本单位：安全管理员、数据管理员、审批人
    SUPERVISOR = "supervisor"  # 监管部门：市政务服务和大数据管理局、市委网信办、市公安局，不能监管自己


class IncidentState(Stated):
    """How a hazard or an incident stands."""

    FOUND = "found", "已发现", "已经登记，还没有报告；要在第一时间报告。"
    REPORTED = "reported", "已报告", "已经报告监管部门，本单位正在补救。"
    REMEDIED = "remedied", "已补救", "本单位认为隐患已经消除，等监管部门核实。"
    CLOSED = "closed", "已办结", "监管部门核实后办结。"


class CaseState(Stated):
    """How the supervision of a unit stands."""

    FOUND = "found", "已发现", "发现违反规定，还没有约谈或者要求整改。"
    TALKED = "talked", "已约谈", "已经约谈单位主要负责人，还没有下达整改要求。"
    RECTIFYING = "rectifying", "整改中", "单位正在按要求整改，到期前要报告结果。"
    CIRCULATED = "circulated", "已通报", "逾期没有改正，已在全市通报并扣分；仍要整改。"
    MENDED = "mended", "待核实", "单位报告已经改正，等监管部门核实。"
    REMOVED = "removed", "隐患已消除", "监管部门核实，隐患已经消除。"


@dataclass(frozen=True)
class Move:
    """One move. `target` "" keeps the state. `words`: what has to be written; "" for nothing."""

    name: str
    term: str
    side: Side
    sources: tuple[str, ...]
    target: str
    article: str
    words: str = ""


def _table(*moves: Move) -> Mapping[str, Move]:
    plain = (replace(one, sources=tuple(map(str, one.sources)), target=str(one.target)) for one in moves)
    return {move.name: move for move in plain}


_I, _C = IncidentState, CaseState
INCIDENT_MOVES = _table(
    Move("report", "报告", Side.UNIT, (_I.FOUND,), _I.REPORTED, "第二十四条", "报告内容"),
    Move("measure", "记录补救措施", Side.UNIT, (_I.FOUND, _I.REPORTED), "", "第二十四条", "采取的措施"),
    Move("remedy", "报告补救完成", Side.UNIT, (_I.REPORTED,), _I.REMEDIED, "第二十四条", "补救结果"),
    Move("return", "退回继续补救", Side.SUPERVISOR, (_I.REMEDIED,), _I.REPORTED, "第二十四条", "退回原因"),
    Move("close", "核实办结", Side.SUPERVISOR, (_I.REMEDIED,), _I.CLOSED, "第二十四条", "核实意见"),
    Move(
        "transfer",
        "作为责任事件移送",
        Side.SUPERVISOR,
        (_I.REPORTED, _I.REMEDIED),
        "",
        "第二十七条",
        "移送理由",
    ),
)
CASE_MOVES = _table(
    Move("talk", "约谈主要负责人", Side.SUPERVISOR, (_C.FOUND,), _C.TALKED, "第二十五条", "约谈内容"),
    Move(
        "order", "要求整改", Side.SUPERVISOR, (_C.FOUND, _C.TALKED), _C.RECTIFYING, "第二十五条", "整改要求"
    ),
    Move(
        "mended",
        "报告整改完成",
        Side.UNIT,
        (_C.RECTIFYING, _C.CIRCULATED),
        _C.MENDED,
        "第二十五条",
        "整改情况",
    ),
    Move("reject", "退回继续整改", Side.SUPERVISOR, (_C.MENDED,), _C.RECTIFYING, "第二十五条", "退回原因"),
    Move("remove", "核实隐患消除", Side.SUPERVISOR, (_C.MENDED,), _C.REMOVED, "第二十五条", "核实意见"),
    Move(
        "circulate",
        "全市通报并扣分",
        Side.SUPERVISOR,
        (_C.RECTIFYING,),
        _C.CIRCULATED,
        "第二十六条",
        "通报内容",
    ),
)


def move_of(table: Mapping[str, Move], name: str, state: str) -> Move:
    """The move of this name from this state. Raises NotFound, Conflict when the state does not allow it."""
    move = table.get(name)
    if move is None:
        raise NotFound("没有这一步。", mend="请回到页面，从列出的操作中选择。")
    if state not in move.sources:
        raise Conflict(f"现在不能“{move.term}”：状态已经变了。", mend="请刷新页面，看清现在的状态。")
    return move
