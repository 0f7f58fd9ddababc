# SPDX-License-Identifier: Apache-2.0
"""Types: what a rule gives, and which rules do not fit."""

from __future__ import annotations

import pytest

from yiwang.engines.rules import (
    ANY,
    BOOLEAN,
    DATE,
    DAYS,
    MONTHS,
    NUMBER,
    STRING,
    RuleError,
    Type,
    check,
    choice,
    context,
    list_of,
    parse,
    range_of,
)

TYPES = {
    "经营面积": NUMBER,
    "是否设招牌": BOOLEAN,
    "业态": choice("餐饮", "零售"),
    "品类": list_of(choice("主食", "饮品")),
    "名称": STRING,
    "开业日": DATE,
    "期限": DAYS,
    "年限": MONTHS,
    "项目": context({"总投资额": NUMBER, "开工日": DATE}),
    "股东": list_of(context({"年龄": NUMBER, "姓名": STRING})),
    "员工.人数": NUMBER,
    "附注": ANY,
}

GIVES: list[tuple[str, Type]] = [
    ("经营面积 >= 200 and 是否设招牌 = true", BOOLEAN),
    ("经营面积 * 0.3 + 1", NUMBER),
    ("min(经营面积 * 0.3, 500)", NUMBER),
    ("if 是否设招牌 then 经营面积 else null", NUMBER),
    ("开业日 + 期限", DATE),
    ("开业日 - 年限", DATE),
    ("开业日 - 项目.开工日", DAYS),
    ("期限 / 期限", NUMBER),
    ("开业日.year", NUMBER),
    ("(开业日 - 项目.开工日).days > 30", BOOLEAN),
    ('业态 in ("餐饮", "零售")', BOOLEAN),
    ('业态 in ["餐饮"]', BOOLEAN),
    ('list contains(品类, "主食")', BOOLEAN),
    ("some 人 in 股东 satisfies 人.年龄 < 18", BOOLEAN),
    ("sum(股东.年龄)", NUMBER),
    ("max(开业日, 项目.开工日)", DATE),
    ("员工.人数 > 3", BOOLEAN),
    ("[1..经营面积]", range_of(NUMBER)),
    ("[1, 2]", list_of(NUMBER)),
    ("[]", list_of(ANY)),
    ("名称 + string(经营面积)", STRING),
    ('附注 = 1 or 附注 = "甲"', BOOLEAN),
    ("经营面积 = null", BOOLEAN),
    ("abs(期限)", DAYS),
    ("count(股东)", NUMBER),
    ("经营面积 in ([1..2], > 5)", BOOLEAN),
    ("not(是否设招牌)", BOOLEAN),
    ('年限 * 2 > duration("P3Y")', BOOLEAN),
]


@pytest.mark.parametrize(("text", "given"), GIVES)
def test_a_rule_that_fits_has_a_type(text: str, given: Type) -> None:
    found = check(parse(text), TYPES)
    assert (found.kind, found.item and found.item.kind) == (given.kind, given.item and given.item.kind)


REFUSED = [
    ("经营面机 > 1", 1, "没有名为“经营面机”", "经营面积"),
    ("zzz", 1, "没有名为“zzz”", "数据元"),
    ("项目.总投资", 1, "没有名为“总投资”", "总投资额"),
    ("some 人 in 股东 satisfies 人.岁数 < 18", 24, "没有名为“岁数”", ""),
    ("(some 人 in 股东 satisfies 人.年龄 < 18) and 人.年龄 > 1", 40, "没有名为“人.年龄”", ""),
    ('经营面积 > "大"', 1, "数和文字不能比较", "同一类"),
    ("是否设招牌 > false", 1, "没有大小先后", "“=”"),
    ("经营面积 and 是否设招牌", 1, "要的是条件", ">="),
    ("not(经营面积)", 5, "要的是条件", ">="),
    ("if 经营面积 then 1 else 2", 4, "要的是条件", ">="),
    ('if 是否设招牌 then 1 else "一"', 22, "既有数又有文字", "同一类"),
    ('[1, "一"]', 5, "既有数又有文字", "同一类"),
    ('业态 = "餐厅"', 6, "“餐厅”不在可选值里", "餐饮、零售"),
    ('业态 in ("餐饮", "餐厅")', 14, "“餐厅”不在可选值里", "餐饮、零售"),
    ('业态 in ["餐厅"]', 8, "“餐厅”不在可选值里", "餐饮、零售"),
    ('list contains(品类, "面条")', 19, "“面条”不在可选值里", "主食、饮品"),
    ("名称 + 经营面积", 1, "文字和数不能用“+”计算", "string"),
    ("开业日 + 30", 1, "日期和数不能用“+”计算", "P30D"),
    ("开业日 + 开业日", 1, "日期和日期不能用“+”计算", "P30D"),
    ("-名称", 1, "文字前面不能加负号", "数"),
    ("经营面积 in [10..1]", 9, "下限比上限大", "对调"),
    ("经营面积 between 10 and 1", 1, "下限比上限大", "对调"),
    ('经营面积 in ["a".."b"]', 9, "数不会在区间（文字）里", "同一类"),
    ('"面条" in 品类', 1, "“面条”不在可选值里", "主食、饮品"),
    ('品类 = "主食"', 1, "不能比较", "list contains"),
    ("经营面积 in 品类", 9, "数不会在列表", "同一类"),
    ("some x in 经营面积 satisfies x > 1", 11, "要的是列表", "列表"),
    ("some x in 股东 satisfies x.年龄", 24, "要的是条件", ">="),
    ('contains(经营面积, "1")', 10, "函数 contains 要文字", "文字"),
    ("sum(名称)", 5, "函数 sum 要数或时长", "数或时长"),
    ("sum([名称])", 5, "函数 sum 要列表（数或时长）", ""),
    ("max(1, 名称)", 8, "既有数又有文字", "同一类"),
    ("开业日.hour", 1, "日期没有“hour”这一部分", "year、month"),
    ("经营面积.大小", 1, "数没有“大小”这一部分", "去掉"),
]


@pytest.mark.parametrize(("text", "column", "what", "mend"), REFUSED)
def test_a_rule_that_does_not_fit_is_refused_with_its_place(
    text: str, column: int, what: str, mend: str
) -> None:
    with pytest.raises(RuleError) as caught:
        check(parse(text), TYPES, source="规则一")
    error = caught.value
    assert what in error.what
    assert mend in error.mend
    assert error.column == column
    assert error.source == "规则一"
