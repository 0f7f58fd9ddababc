# SPDX-License-Identifier: Apache-2.0
"""Words for programs, each with what people read: declared in one line, so that none can lack its term."""

from __future__ import annotations

from enum import StrEnum
from typing import Self, TypeVar

_Word = TypeVar("_Word", bound=StrEnum)


class Termed(StrEnum):
    """A word with its Chinese term: `OPEN = "open", "办理中"`."""

    _value_: str
    term: str

    def __new__(cls, value: str, term: str = "") -> Self:
        """One member. Raises TypeError when it has no term."""
        member = _member(cls, value)
        member.term = _given(value, term)
        return member


class Stated(StrEnum):
    """How something stands: a word, its Chinese term, and one sentence on what it means."""

    _value_: str
    term: str
    sentence: str

    def __new__(cls, value: str, term: str = "", sentence: str = "") -> Self:
        """One member. Raises TypeError when it has no term or no sentence."""
        member = _member(cls, value)
        member.term, member.sentence = _given(value, term), _given(value, sentence)
        return member


def _member(cls: type[_Word], value: str) -> _Word:
    member = str.__new__(cls, value)
    member._value_ = value
    return member


def _given(value: str, words: str) -> str:
    if not words:
        raise TypeError(f"{value!r} has no words for people")
    return words
