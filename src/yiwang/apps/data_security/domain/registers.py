# SPDX-License-Identifier: Apache-2.0
"""Registers that the measures ask of every unit, each with its article and its columns, as data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from yiwang.kernel.errors import Invalid

_LONGEST = 500


class Register(StrEnum):
    """A register."""

    COLLECTION = "collection"
    ENTRY = "entry"
    MEDIA = "media"
    BACKUP = "backup"
    COMPUTER = "computer"
    ASSESSMENT = "assessment"
    TRAINING = "training"
    MONITORING = "monitoring"
    PLAN = "plan"
    DRILL = "drill"

    @property
    def sheet(self) -> Sheet:
        """What it is called and what a line of it holds."""
        return SHEETS[self]


@dataclass(frozen=True)
class Column:
    """One column. `kind`: text, date, number or long. `hint`: what to write."""

    id: str
    label: str
    kind: str = "text"
    required: bool = True
    hint: str = ""


@dataclass(frozen=True)
class Sheet:
    """A register's name, what for, by which article, its columns. `yearly`: a line a year is due."""

    name: str
    says: str
    article: str
    columns: tuple[Column, ...]
    yearly: bool = False


def _day(label: str, id_: str = "day") -> Column:
    return Column(id_, label, "date")


SHEETS: Mapping[Register, Sheet] = {
    Register.COLLECTION: Sheet(
        "数据收集登记",
        "收集什么数据、凭什么职责；收集个人信息的，怎样取得本人同意。",
        "第十五条",
        (
            _day("开始收集日期"),
            Column("what", "收集的数据"),
            Column("duty", "履行的职责和依据", "long"),
            Column("consent", "个人信息的同意方式", hint="不涉及个人信息的写“不涉及”"),
        ),
    ),
    Register.ENTRY: Sheet(
        "存储场所人员出入登记",
        "谁、什么时候、为什么进出存放政务数据的机房和库房。",
        "第十六条",
        (
            _day("日期"),
            Column("site", "场所"),
            Column("who", "进出人员和单位"),
            Column("span", "进出时间", hint="例如 09:10–10:05"),
            Column("why", "事由"),
            Column("with", "陪同人员"),
        ),
    ),
    Register.MEDIA: Sheet(
        "单独保管的存储介质",
        "存有重要数据的介质单独保管，不与互联网连接。",
        "第十六条",
        (
            _day("登记日期"),
            Column("label", "介质编号"),
            Column("what", "存放的数据"),
            Column("where", "保管位置"),
            Column("keeper", "保管人"),
        ),
    ),
    Register.BACKUP: Sheet(
        "核心数据容灾备份",
        "每次备份和恢复演练的时间与结果。",
        "第十六条",
        (
            _day("日期"),
            Column("what", "备份的数据"),
            Column("where", "备份位置"),
            Column("result", "校验或恢复的结果", "long"),
        ),
    ),
    Register.COMPUTER: Sheet(
        "专机专用的电脑",
        "处理重要数据的电脑专机专用，不连接互联网。",
        "第十七条",
        (
            _day("登记日期"),
            Column("label", "设备编号"),
            Column("use", "用途"),
            Column("keeper", "责任人"),
            Column("checked", "断网检查情况"),
        ),
    ),
    Register.ASSESSMENT: Sheet(
        "数据安全评估",
        "定期评估本单位数据安全，写明结论和要改的地方。",
        "驻政办〔2022〕60号",
        (_day("评估日期"), Column("by", "评估单位"), Column("result", "结论和整改事项", "long")),
        yearly=True,
    ),
    Register.TRAINING: Sheet(
        "安全教育培训",
        "对本单位人员的政务数据安全教育培训。",
        "第二十二条",
        (
            _day("日期"),
            Column("topic", "内容"),
            Column("people", "参加人数", "number"),
            Column("by", "授课人", required=False),
        ),
        yearly=True,
    ),
    Register.MONITORING: Sheet(
        "监测预警",
        "收到的预警、核查和处置情况。",
        "第二十三条",
        (_day("日期"), Column("what", "预警内容", "long"), Column("done", "处置情况", "long")),
    ),
    Register.PLAN: Sheet(
        "应急处置预案",
        "本单位的政务数据安全应急处置预案。",
        "第二十三条",
        (_day("印发日期"), Column("name", "预案名称"), Column("summary", "主要内容", "long")),
        yearly=True,
    ),
    Register.DRILL: Sheet(
        "应急演练",
        "按预案组织的演练。",
        "第二十三条",
        (
            _day("日期"),
            Column("scene", "演练情景"),
            Column("people", "参加人数", "number"),
            Column("result", "发现的问题和改进", "long"),
        ),
        yearly=True,
    ),
}


def read_line(register: Register, given: Mapping[str, str], *, today: dt.date) -> dict[str, str]:
    """A line as it is kept. Raises Invalid naming the first column that is missing or wrong."""
    line: dict[str, str] = {}
    for column in register.sheet.columns:
        text = given.get(column.id, "").strip()[:_LONGEST]
        if not text and column.required:
            raise Invalid(f"请填写“{column.label}”。", mend=column.hint or "填好后再保存。", field=column.id)
        if text and column.kind == "date":
            text = _past_day(text, column, today)
        if text and column.kind == "number" and not (text.isascii() and text.isdigit()):
            raise Invalid(f"“{column.label}”要写整数。", mend="例如 25。", field=column.id)
        line[column.id] = text
    return line


def _past_day(text: str, column: Column, today: dt.date) -> str:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise Invalid(
            f"“{column.label}”的日期写法不对。", mend="请写成 2026-01-04。", field=column.id
        ) from None
    if day > today:
        raise Invalid(f"“{column.label}”还没有到。", mend="请写已经发生的日期。", field=column.id)
    return day.isoformat()
