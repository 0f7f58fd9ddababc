# SPDX-License-Identifier: Apache-2.0
"""Change keys while the city works: a new one, everything under it, the old one retired.

For the command line and for starting; the rooms use `public`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from pathlib import Path

from django.utils import timezone

from yiwang.kernel.errors import Conflict, NotFound, Unavailable

from .indexes import begin_again, index_columns
from .keyring import KeyRing, add_current, add_index, change, read, ring
from .places import Moved, newest_keys, places

_ROUNDS = 5  # over everything: a later one finds what was being written during an earlier one


@dataclass(frozen=True)
class KeyView:
    """A key as an operator sees it; never the secret."""

    id: str
    algorithm: str
    made_at: str
    is_current: bool
    retired_at: str
    check: str


def known_keys() -> list[KeyView]:
    """All keys, the oldest first. Raises Unavailable when there is no key file."""
    found = ring()
    return [
        KeyView(
            one.id,
            one.algorithm.value,
            one.made_at,
            one.id == found.current,
            found.retired.get(one.id, ""),
            one.check,
        )
        for one in found.keys.values()
    ]


def usage() -> dict[str, Counter[str]]:
    """How many values lie where under which key; goes through everything."""
    return {one.name: counts for one in places() if (counts := one.counts())}


def unknown_keys() -> set[str]:
    """The keys that the newest rows need and the key file does not have; empty for an empty database.

    Raises Unavailable when there is data and no key file.
    """
    needed = newest_keys()
    return needed - (set(ring().keys) - set(ring().retired)) if needed else set()


def fingerprint(file: Path | None = None) -> dict[str, str]:
    """What tells these keys from others without telling them: the check value of each key by its id, and
    of the master key (blind indexes). `file`: of another key file. Empty when there is none."""
    try:
        found = ring() if file is None else read(file)
    except Unavailable:
        return {}
    indexes = {"index": found.index_check} if found.newer_indexes else {}
    return {"master": found.master_check, **indexes, **{one.id: one.check for one in found.keys.values()}}


def rotate() -> str:
    """Make a new key and lock with it from now on; returns its id. Running processes see it at once."""
    return change(add_current).current


def reencrypt() -> Generator[tuple[str, Moved], None, None]:
    """Move every value to the current key, telling place and batch; can be stopped and run again at any
    moment, beside a running city."""
    for _ in range(_ROUNDS):
        moved = 0
        for place in places():
            for batch in place.relock():
                moved += batch.done
                yield place.name, batch
        if not moved:
            return


def rotate_index() -> str:
    """Make a new key of blind indexes, by which values are written from now on; its check code. Values are
    found under it and under all earlier ones; `reindex` moves the columns.

    Raises Conflict: the columns have not all moved to the key in use yet.
    """
    if ring(make=True).index_is_changing:
        raise Conflict("上一次更换盲索引密钥还没有做完。", mend="请先运行 yiwang vault reindex。")
    return change(add_index).index_check


def reindex() -> Generator[tuple[str, Moved], None, None]:
    """Move every column of blind indexes to the key in use, telling place and batch; can be stopped, or
    killed, and run again at any moment, beside a running city. At the end it is told in the key file,
    unless a value did not open."""
    broken = 0
    for column in index_columns():
        for batch in column.reindex():
            broken += batch.broken
            yield column.name, batch
    if broken:
        begin_again()  # the next run looks at those that did not open once more
    else:
        change(lambda keys: replace(keys, settled=keys.index_check))


def retire(key_id: str) -> None:
    """End a key that no value needs any more. It stays in the file, so that `restore_key` can bring it
    back for a value that turns up later.

    Raises NotFound; Conflict for the current key, and while values remain under it.
    """
    found = _known(key_id)
    if key_id == found.current:
        raise Conflict("这是正在使用的密钥，不能停用。", mend="请先运行 yiwang vault rotate 和 reencrypt。")
    left = {name: counts[key_id] for name, counts in usage().items() if counts[key_id]}
    if left:
        where = "、".join(f"{name} {count} 个" for name, count in list(left.items())[:5])
        raise Conflict(
            f"还有 {sum(left.values())} 个值用密钥 {key_id} 加密（{where}），没有停用。",
            mend="请先运行 yiwang vault reencrypt；打不开的值请从备份核对。",
        )
    today = timezone.now().isoformat(timespec="seconds")
    change(_with_retired(lambda retired: {**retired, key_id: today}))


def restore_key(key_id: str) -> None:
    """Let a retired key open values again. Raises NotFound."""
    _known(key_id)
    change(_with_retired(lambda retired: {one: at for one, at in retired.items() if one != key_id}))


def _with_retired(how: Callable[[dict[str, str]], dict[str, str]]) -> Callable[[KeyRing], KeyRing]:
    return lambda keys: replace(keys, retired=how(dict(keys.retired)))


def _known(key_id: str) -> KeyRing:
    found = ring()
    if key_id not in found.keys:
        raise NotFound(f"没有密钥 {key_id}。", mend="请用 yiwang vault status 查看有哪些密钥。")
    return found
