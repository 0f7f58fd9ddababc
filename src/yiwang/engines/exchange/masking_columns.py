# SPDX-License-Identifier: Apache-2.0
"""The masks of `masking`, over whole columns at once.

A mask is said once, in `masking`. Here values of a plain shape are cut by column; every other value goes
through `mask` itself, one by one, so that the two never differ (a property test tries it).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yiwang.kernel.errors import Invalid

from .kinds import Resource
from .masking import HIDDEN, mask, whole_region
from .words import Mask

_NUMBER = r"^[0-9]{17}[0-9X]$"
_PHONE = r"^[0-9]{11}$"
_NAME = r"^[\x{4e00}-\x{9fff}]{2,4}$"
_ACCOUNT = r"^[0-9A-Za-z]{8,40}$"
_ADDRESS = r"^[^\s]"
_REGIONS = r"^(?P<beginning>[^路街道巷村镇乡号小0-9\s]*)"
"""As far as the name of a region can reach: `masking` reads no further, so addresses of one road are one."""
_DIGITS, _LETTER_X, _STAR = (48, 57), 88, 42  # ASCII


def screen_table(table: Any, *, fields: Sequence[str], plain: Collection[str], resource: Resource) -> Any:
    """`masking.screen` for a `pyarrow.Table`: these columns in their order, nothing else.

    Raises Invalid: a field that the resource does not have, or one that the table lacks.
    """
    seen: dict[str, Any] = {}
    for name in fields:
        field = resource.field(name)
        if field is None or name not in table.column_names:
            raise Invalid(f"“{resource.name}”没有信息项“{name}”。", mend="请核对授权和目录。")
        column = table.column(name)
        open_to_all = name in plain or field.mask is Mask.NONE
        seen[name] = column if open_to_all else mask_column(column, field.mask)
    return pa.table(seen)


def mask_column(column: Any, how: Mask) -> Any:
    """A column masked as text; nothing stays nothing."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if how is Mask.NONE:
        return whole
    if not pa.types.is_string(whole.type):
        return pa.array([_one(value, how) for value in whole.to_pylist()], pa.string())
    if how is Mask.ID_NUMBER and eighteen_digits(whole) is not None:
        return _number(whole)
    if how is Mask.ADDRESS:
        return _addresses(whole)
    if how is Mask.NAME and _han_names(whole) is not None:
        return _name(whole)
    return _by_shape(whole, how)


def _by_shape(whole: Any, how: Mask) -> Any:
    """Values of a plain shape by column, all others one by one."""
    shape, cut = _SHAPES[how]
    fits = pc.fill_null(pc.match_substring_regex(whole, shape), True)
    masked = cut(whole)
    if pc.all(fits, min_count=0).as_py():
        return masked
    odd = pc.invert(fits)
    single = [_one(value, how) for value in whole.filter(odd).to_pylist()]
    return pc.replace_with_mask(masked, odd, pa.array(single, pa.string()))


def _one(value: Any, how: Mask) -> str | None:
    return None if value is None else mask(value, how)


def _stars(column: Any, less: int) -> Any:
    """As many stars as the value is longer than `less`."""
    count = pc.max_element_wise(pc.subtract(pc.utf8_length(column), less), 0)
    return pc.binary_repeat(pa.scalar("*"), pc.cast(count, pa.int64()))


def _join(*parts: Any) -> Any:
    return pc.binary_join_element_wise(*parts, "")


def _ends(first: int, last: int) -> Callable[[Any], Any]:
    """The first and last characters with stars between them."""

    def cut(column: Any) -> Any:
        head = pc.utf8_slice_codeunits(column, 0, first)
        tail = pc.utf8_slice_codeunits(column, -last)
        return _join(head, _stars(column, first + last), tail)

    return cut


def _name(column: Any) -> Any:
    """The first character, and the last of three or more."""
    if (letters := _han_names(column)) is not None:
        return _short_names(*letters)
    tail = pc.if_else(pc.equal(pc.utf8_length(column), 2), "*", pc.utf8_slice_codeunits(column, -1))
    return _join(pc.utf8_slice_codeunits(column, 0, 1), _stars(column, 2), tail)


def _han_names(column: Any) -> Any:
    """The characters of a column as rows of three bytes, and where each value begins and ends among them, if
    every value is two to four Han characters as `_NAME` has them; else None."""
    count = len(column)
    if not count or column.null_count:
        return None
    _, places, data = column.buffers()
    offsets = np.frombuffer(places, dtype=np.int32)[column.offset : column.offset + count + 1]
    if not np.isin(np.diff(offsets), (6, 9, 12)).all():
        return None
    letters = np.frombuffer(data, dtype=np.uint8)[offsets[0] : offsets[-1]].reshape(-1, 3)
    first, second = letters[:, 0], letters[:, 1]
    han = (first >= _HAN[0]) & (first <= _HAN[2]) & ((first > _HAN[0]) | (second >= _HAN[1]))
    return (letters, (offsets - offsets[0]) // 3) if han.all() else None


_HAN = (0xE4, 0xB8, 0xE9)
"""UTF-8: U+4E00 is E4 B8 80, U+9FFF is E9 BF BF. What begins like this has three bytes."""


def _short_names(letters: Any, places: Any) -> Any:
    """As `_name`, from the bytes of Han characters: stars all over, then the first and the last put in."""
    begins, ends, many = places[:-1], places[1:], np.diff(places)
    sizes = np.where(many == 2, 4, many + 4)  # three bytes, a star for each between, three bytes or a star
    offsets = np.zeros(len(sizes) + 1, dtype=np.int32)
    np.cumsum(sizes, out=offsets[1:])
    masked = np.full(offsets[-1], _STAR, dtype=np.uint8)
    long = many > 2
    for byte in range(3):
        masked[offsets[:-1] + byte] = letters[begins, byte]
        masked[offsets[1:][long] - 3 + byte] = letters[ends[long] - 1, byte]
    return pa.StringArray.from_buffers(len(sizes), pa.py_buffer(offsets), pa.py_buffer(masked))


def _number(column: Any) -> Any:
    """The first four and the last two of eighteen digits."""
    matrix = eighteen_digits(column)
    if matrix is None:
        return _ends(4, 2)(column)
    masked = matrix.copy()
    masked[:, 4:16] = _STAR
    offsets = np.arange(0, masked.size + 1, 18, dtype=np.int32)
    return pa.StringArray.from_buffers(len(column), pa.py_buffer(offsets), pa.py_buffer(masked.reshape(-1)))


def eighteen_digits(column: Any) -> Any:
    """The bytes of a column as rows of eighteen, if every value is an identity number by its shape (17
    digits, then a digit or X) and none is missing; else None."""
    count = len(column)
    if not count or column.null_count:
        return None
    _, places, data = column.buffers()
    offsets = np.frombuffer(places, dtype=np.int32)[column.offset : column.offset + count + 1]
    if offsets[-1] - offsets[0] != 18 * count or not (np.diff(offsets) == 18).all():
        return None
    matrix = np.frombuffer(data, dtype=np.uint8)[offsets[0] : offsets[-1]].reshape(count, 18)
    digits = (matrix >= _DIGITS[0]) & (matrix <= _DIGITS[1])
    digits[:, 17] |= matrix[:, 17] == _LETTER_X
    return matrix if digits.all() else None


def _address(column: Any) -> Any:
    """Masked once for each beginning that addresses share; an empty beginning names no region."""
    found = pc.struct_field(pc.extract_regex(column, _REGIONS), "beginning").dictionary_encode()
    known = [mask(one, Mask.ADDRESS) or mask("0", Mask.ADDRESS) for one in found.dictionary.to_pylist()]
    return pa.array(known, pa.string()).take(found.indices)


def _addresses(column: Any) -> Any:
    """Those that begin with a region that others name too, once for each region; the rest by their shape."""
    count = len(column)
    some = column.take(pa.array(np.linspace(0, count - 1, min(count, _SAMPLE)).astype(np.int64)))
    regions = sorted({whole_region(one) for one in some.to_pylist() if one} - {""})
    which = np.full(count, -1, dtype=np.int32)
    for place, region in enumerate(regions):
        begins = pc.fill_null(pc.starts_with(column, region), False)
        which[begins.to_numpy(zero_copy_only=False)] = place
    odd = which < 0
    known = pa.array([mask(one, Mask.ADDRESS) for one in regions], pa.string())
    masked = known.take(pa.array(which, mask=odd))
    if not odd.any():
        return masked
    rest = pa.array(odd)
    return pc.replace_with_mask(masked, rest, _by_shape(column.filter(rest), Mask.ADDRESS))


_SAMPLE = 64  # addresses that are looked at to learn which regions a column names


def _hidden(column: Any) -> Any:
    return pc.if_else(pc.is_valid(column), HIDDEN, pa.scalar(None, pa.string()))


_SHAPES: Mapping[Mask, tuple[str, Callable[[Any], Any]]] = {
    Mask.ID_NUMBER: (_NUMBER, _number),
    Mask.PHONE: (_PHONE, _ends(3, 4)),
    Mask.NAME: (_NAME, _name),
    Mask.ACCOUNT: (_ACCOUNT, _ends(0, 4)),
    Mask.ADDRESS: (_ADDRESS, _address),
    Mask.HIDE: (r"(?s)^.+$", _hidden),
}
