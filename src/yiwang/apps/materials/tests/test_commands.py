# SPDX-License-Identifier: Apache-2.0
"""Files go in whole, are shared by content, and go only when nobody has them."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from yiwang.apps.journal.public import entries_of, verify
from yiwang.apps.materials import files
from yiwang.apps.materials.models import Content, File
from yiwang.apps.materials.public import (
    FileRefused,
    StoredFile,
    content_of,
    describe,
    discard,
    keep,
    owner_of,
    remove_orphans,
    store_file,
)
from yiwang.kernel.actor import ANONYMOUS, Actor, ActorKind, Post, Role, system
from yiwang.kernel.errors import Conflict, NotAllowed, NotFound, Unavailable

from . import samples

pytestmark = [pytest.mark.storage, pytest.mark.django_db]

WANG = Actor(ActorKind.PERSON, "p_wang", "王芳")
AGENT = Actor(ActorKind.PERSON, "p_li", "李明", (), frozenset({"f_shop"}))
CLERK = Actor(ActorKind.OFFICER, "o_zhao", "赵窗口", (Post(Role.COUNTER),))
AUDITOR = Actor(ActorKind.OFFICER, "o_qian", "钱督查", (Post(Role.AUDITOR),))
PDF = samples.pdf()
SHA = hashlib.sha256(PDF).hexdigest()

Commits = Callable[..., Any]


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


def store(
    actor: Actor = WANG, owner: str = "p_wang", content: Any = PDF, name: str = "合同.pdf"
) -> StoredFile:
    return store_file(
        actor, owner=owner, name=name, content=content, accepts=["pdf", "jpg", "png"], max_megabytes=5
    )


def test_a_stored_file_comes_back_byte_for_byte() -> None:
    stored = store(content=io.BytesIO(PDF))
    assert stored == StoredFile(stored.public_id, "合同.pdf", "pdf", len(PDF), SHA)
    assert stored.media_type == "application/pdf"
    assert content_of(stored.public_id) == ("合同.pdf", PDF)
    assert owner_of(stored.public_id) == "p_wang"
    assert (
        files.place_of(SHA).relative_to(files.place_of(SHA).parents[2]).as_posix()
        == f"{SHA[:2]}/{SHA[2:4]}/{SHA}"
    )


def test_only_we_can_read_what_lies_on_the_disk() -> None:
    store()
    assert files.place_of(SHA).stat().st_mode & 0o777 == 0o600


def test_the_journal_knows_who_and_what_but_not_the_name() -> None:
    stored = store(CLERK, name="张三411702199001011234.pdf")
    entry = entries_of(f"file:{stored.public_id}")[0]
    assert (entry["actor"], entry["action"], entry["subject"]) == ("o_zhao", "file.stored", "p_wang")
    assert entry["detail"] == {"kind": "pdf", "size": len(PDF), "sha256": SHA}
    assert "411702" not in str(entry)
    assert list(verify()) == []


@pytest.mark.parametrize("actor", [WANG, CLERK, system("演示")], ids=lambda a: a.name)
def test_the_owner_the_counter_and_the_system_may_hand_in(actor: Actor) -> None:
    assert store(actor).public_id


def test_an_agent_hands_in_for_the_firm() -> None:
    assert owner_of(store(AGENT, owner="f_shop").public_id) == "f_shop"


@pytest.mark.parametrize("actor", [AGENT, AUDITOR, ANONYMOUS], ids=lambda a: a.name)
def test_nobody_else_hands_in_or_throws_away(actor: Actor) -> None:
    stored = store()
    for forbidden in (
        lambda: store(actor),
        lambda: discard(actor, stored.public_id),
        lambda: keep(actor, [stored.public_id]),
    ):
        with pytest.raises(NotAllowed):
            forbidden()
    assert File.objects.count() == 1


def test_the_citys_limit_holds_where_the_material_allows_more(settings: Any) -> None:
    settings.ENV = {**settings.ENV, "UPLOAD_MAX_MB": 1}
    large = PDF + b" " * (1024 * 1024) + b"\n%%EOF"
    with pytest.raises(FileRefused, match="超过了 1 MB"):
        store(content=large)


def test_a_refused_file_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(FileRefused):
        store(content=b"%PDF-1.7 broken")
    assert File.objects.count() == Content.objects.count() == 0
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


def test_the_same_bytes_are_kept_once_and_go_with_the_last_file(
    django_capture_on_commit_callbacks: Commits,
) -> None:
    first, second = store(), store(CLERK, owner="p_other", name="别名.pdf")
    assert Content.objects.count() == 1
    with django_capture_on_commit_callbacks(execute=True):
        discard(WANG, first.public_id)
    assert content_of(second.public_id) == ("别名.pdf", PDF)
    with django_capture_on_commit_callbacks(execute=True):
        discard(CLERK, second.public_id)
    assert not files.place_of(SHA).exists()
    assert Content.objects.count() == 0
    with pytest.raises(NotFound):
        content_of(second.public_id)


def test_a_kept_file_cannot_be_thrown_away() -> None:
    stored = store()
    keep(WANG, [stored.public_id])
    keep(CLERK, [stored.public_id])
    with pytest.raises(Conflict) as refused:
        discard(WANG, stored.public_id)
    assert refused.value.mend
    actions = [e["action"] for e in entries_of(f"file:{stored.public_id}")]
    assert actions == ["file.stored", "file.kept"]


def test_keeping_what_is_gone_is_refused_and_keeps_nothing() -> None:
    stored = store()
    with pytest.raises(NotFound):
        keep(WANG, [stored.public_id, "file_gone"])
    assert not File.objects.get().kept


@pytest.mark.django_db(transaction=True)
def test_a_discard_that_is_rolled_back_loses_nothing() -> None:
    stored = store()
    with transaction.atomic():
        discard(WANG, stored.public_id)
        transaction.set_rollback(True)
    assert content_of(stored.public_id) == ("合同.pdf", PDF)


@pytest.mark.django_db(transaction=True)
def test_an_orphan_of_a_failed_transaction_is_swept_and_nothing_else() -> None:
    kept = store(content=samples.picture("png"), name="a.png")
    with transaction.atomic():
        store()
        transaction.set_rollback(True)
    assert files.place_of(SHA).exists()
    assert sweep() == 0, "what was written today may belong to a transaction that is still open"
    for one in (SHA, kept.sha256):
        os.utime(files.place_of(one), (0, 0))
    assert sweep() == 1
    assert not files.place_of(SHA).exists()
    assert content_of(kept.public_id)[1] == samples.picture("png")


def sweep() -> int:
    """Every folder once, as the worker does in the course of hours."""
    begun = timezone.now()
    return sum(remove_orphans(begun + dt.timedelta(minutes=n)) for n in range(256))


def test_content_that_changed_on_the_disk_is_not_handed_out_and_heals_when_stored_again() -> None:
    stored = store()
    files.place_of(SHA).write_bytes(PDF[:-1] + b"!")
    with pytest.raises(Unavailable) as refused:
        content_of(stored.public_id)
    assert "备份" in refused.value.mend
    files.place_of(SHA).unlink()
    with pytest.raises(Unavailable):
        content_of(stored.public_id)
    store(CLERK)
    assert content_of(stored.public_id)[1] == PDF


def test_descriptions_come_in_the_order_asked_and_leave_out_what_is_gone() -> None:
    one, two = store(), store(name="二.pdf")
    assert describe([two.public_id, "file_gone", one.public_id]) == [two, one]


@pytest.mark.parametrize("digest", ["../../etc/passwd", "ab", "A" * 64, "0" * 63 + "/"])
def test_only_a_digest_becomes_a_path(digest: str) -> None:
    with pytest.raises(ValueError, match="digest"):
        files.place_of(digest)


@pytest.mark.django_db(transaction=True)
def test_storing_and_discarding_the_same_content_at_once_never_leaves_a_file_without_it() -> None:
    problems: list[BaseException] = []
    start = threading.Barrier(4)

    def work(owner: str) -> None:
        try:
            start.wait()
            for _ in range(8):
                stored = store(system("测试"), owner=owner)
                assert content_of(stored.public_id)[1] == PDF
                discard(system("测试"), stored.public_id)
        except BaseException as error:
            problems.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(f"p_{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert not files.place_of(SHA).exists()
    assert Content.objects.count() == 0
