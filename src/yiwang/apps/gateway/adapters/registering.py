# SPDX-License-Identifier: Apache-2.0
"""What the registrations of sources have in common: checked names, and errors a person can mend."""

from __future__ import annotations

import re
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from yiwang.kernel.errors import Invalid

_NAME = re.compile(r"[A-Za-z_\u4e00-\u9fff][A-Za-z0-9_\u4e00-\u9fff]{0,62}")
_FIELD = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")


def _identifier(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise ValueError("名称只能用字母、汉字、数字和下划线，不能以数字开头，最长63个字")
    return text


def _field(text: str) -> str:
    if not _FIELD.fullmatch(text):
        raise ValueError("信息项编号不对")
    return text


Identifier = Annotated[str, AfterValidator(_identifier)]
"""A column, table or schema: nothing else ever becomes part of a statement."""
FieldId = Annotated[str, AfterValidator(_field)]


class Registration(BaseModel):
    """A registration; unknown keys are errors, so that a misspelt one is not ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


Read = TypeVar("Read", bound=Registration)


def read_registration(kind: type[Read], config: Any) -> Read:
    """The registration in `config`. Raises Invalid naming each wrong part; never shows a value."""
    try:
        return kind.model_validate(dict(config))
    except ValidationError as error:
        wrong = [
            f"{'.'.join(str(part) for part in one['loc']) or '登记'}：{_words(one)}"
            for one in error.errors(include_input=False, include_url=False)
        ]
        raise Invalid(
            f"数据来源登记有误：{'；'.join(wrong)}。", mend="请按页面上的说明改正后再保存。"
        ) from None


def _words(error: Any) -> str:
    known = {"missing": "没有填", "extra_forbidden": "没有这一项"}
    said: str = known.get(error["type"], "") or str(error["msg"]).removeprefix("Value error, ")
    return said if re.search(r"[\u4e00-\u9fff]", said) else "填得不对"
