# SPDX-License-Identifier: Apache-2.0
"""A deployment as an operator has it: a data directory, a database, and the command line on both.

What looks inside runs in a process of its own (`python -m support.deployed WHAT`), because a test
process has its own database already.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import sys
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from support import warm
from support.served import Served
from support.warm import TESTS

LETTERS = 60


@dataclass
class Deployed(Served):
    """A server of ours, and every other command beside it. `settings`: names without YIWANG_."""

    settings: dict[str, str] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        """The environment of the deployment, with its own settings."""
        return super().environment() | {f"YIWANG_{name}": value for name, value in self.settings.items()}

    def run(self, *arguments: object, **settings: str) -> tuple[int, str, str]:
        """One command to its end: exit code, output, complaints. `settings`: for this command alone."""
        with self.begin(*arguments, **settings) as process:
            out, err = process.communicate(timeout=120)
            return process.wait(), out, err

    def begin(self, *arguments: object, **settings: str) -> warm.Started:
        """Start a command and go on."""
        env = self.environment() | {f"YIWANG_{name}": value for name, value in settings.items()}
        return warm.start("yiwang", *arguments, env=env, cwd=TESTS)

    def aside(self, what: str, module: str = "support.deployed") -> dict[str, Any]:
        """Do one of `WHAT` on this deployment; returns what it found."""
        return super().aside(what, module)


def empty(data: Path, database: str) -> Deployed:
    """A new machine: a directory with nothing in it."""
    data.mkdir()
    return Deployed(data, database)


def backed_up(city: Deployed, file: Path) -> str:
    """Back up; what the command said."""
    code, out, err = city.run("backup", file, "--with-vault-keys")
    assert (code, err) == (0, "")
    return out


def _fill() -> dict[str, Any]:
    """A small city with an errand done to its archived end, one handed in, one begun with a file."""
    from django.conf import settings

    from support import city, errands
    from yiwang.apps.casework import public as casework
    from yiwang.apps.identity.public import issue_token
    from yiwang.kernel.actor import system

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    made = city.build()
    owner = errands.Applicant(made["owner"], made["owner"].id)
    done = errands.apply(owner, city.EVENT, dict(city.ANSWERS))
    assert errands.grant_all(owner, done).row.stage == "finished"
    casework.run_timers()
    city.submitted(made, "other")
    begun = errands.begin(owner, city.EVENT, dict(city.ANSWERS))
    errands.attach_all(made["owner"], begun)
    token = issue_token(system("测试"), made.logins["owner"], "测试", 1)
    return {"token": token, "body": city.api_body(made), "personal": _personal()}


def _personal() -> list[str]:
    """What must not be readable where it lies: numbers, telephones and addresses of people, and every
    longer text that somebody typed into a form."""
    from yiwang.apps.casework.models import Application
    from yiwang.apps.identity.models import Person

    known = {text for one in Person.objects.all() for text in (one.id_number, one.phone, one.address)}
    forms = [
        *(one.form for one in Application.objects.all()),
        *(one.answers for one in Application.objects.all()),
    ]
    typed = {value for form in forms for value in form.values() if isinstance(value, str)}
    return sorted(
        known | {text for text in typed if any(one.isdigit() for one in text) and len(text) >= 11} - {""}
    )


def _write_letters() -> dict[str, Any]:
    """Letters to somebody with a telephone: as many text messages wait."""
    from django.db import transaction

    from yiwang.apps.identity.models import Person
    from yiwang.apps.notices.public import notify

    somebody = Person.objects.exclude(phone="").order_by("id")[0]
    with transaction.atomic():
        for number in range(LETTERS):
            notify(somebody.public_id, f"第 {number} 封", "请查看。")
    return {}


def _messages() -> dict[str, Any]:
    """How the messages to the outside stand: state and attempts, and how many of each."""
    from yiwang.apps.journal.models import Batch, BatchEntry, OutboxMessage

    tried = OutboxMessage.objects.values_list("state", "attempts")
    return {
        "messages": sorted([state, attempts, count] for (state, attempts), count in Counter(tried).items()),
        "sealed": BatchEntry.objects.count(),
        "batches": Batch.objects.count(),
    }


def _look() -> dict[str, Any]:
    """What is there, and whether all that is promised can be read."""
    from django.conf import settings

    from yiwang.apps.casework.archives import LOCK
    from yiwang.apps.casework.models import Application, ArchivePackage, NumberSeries
    from yiwang.apps.identity.models import Person
    from yiwang.apps.identity.public import find_person
    from yiwang.apps.journal.public import verify
    from yiwang.apps.materials.models import File
    from yiwang.apps.materials.public import content_of
    from yiwang.conf.backup.database import counts

    packages = {}
    for one in ArchivePackage.objects.all():
        path = settings.DATA_DIR / one.path
        content = LOCK.unlock(path.name, path.read_bytes()) or b""
        assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
        packages[one.path] = hashlib.sha256(content).hexdigest() == one.sha256
    return {
        "counts": counts(),
        "numbers": sorted(Application.objects.exclude(number=None).values_list("number", flat=True)),
        "series": dict(NumberSeries.objects.values_list("key", "last")),
        "files": {one.public_id: len(content_of(one.public_id)[1]) for one in File.objects.all()},
        "packages": packages,
        "found": all(find_person(one.id_number, one.name) for one in Person.objects.all()),
        "problems": [str(problem) for problem in verify()],
    }


WHAT = {"fill": _fill, "look": _look, "letters": _write_letters, "messages": _messages}

if __name__ == "__main__":
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "yiwang.conf.settings"
    django.setup()
    print(json.dumps(WHAT[sys.argv[1]]()))
