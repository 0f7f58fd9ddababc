# SPDX-License-Identifier: Apache-2.0
"""Settings of a test run: the real ones, on a data directory of the run's own.

SQLite lies in a file as in a city, so that locks behave as they do there. Passwords are hashed and
passphrases of keys stretched quickly: the real ways are slow on purpose. Parts of the house
that are not there (a checkout with fewer apps) are left out.
"""

import atexit
import os
import shutil
import tempfile
from importlib.util import find_spec
from pathlib import Path

_PREFIX = "yiwang-tests-"


def _remove_leftovers() -> None:
    """Remove the directories of runs that ended without a goodbye: each is named by its process."""
    for directory in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        process = directory.name.removeprefix(_PREFIX).split("-")[0]
        if process.isdigit() and not Path("/proc", process).exists():
            shutil.rmtree(directory, ignore_errors=True)


if Path("/proc/self").exists():
    _remove_leftovers()
_DATA = tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-")
atexit.register(shutil.rmtree, _DATA, ignore_errors=True)
os.environ["YIWANG_DATA_DIR"] = _DATA

from yiwang.conf.settings import *  # noqa: E402, F403
from yiwang.conf.settings import INSTALLED_APPS, MIDDLEWARE  # noqa: E402
from yiwang.engines.sealing import sm2  # noqa: E402


def _present(dotted: str) -> bool:
    try:
        return find_spec(dotted) is not None
    except ModuleNotFoundError:
        return False


INSTALLED_APPS = [
    app
    for app in INSTALLED_APPS
    if _present(app) and (not app.startswith("yiwang.apps.") or _present(f"{app}.apps"))
]
MIDDLEWARE = [name for name in MIDDLEWARE if _present(name.rsplit(".", 1)[0])]
VAULT_KEYS = os.path.join(_DATA, "vault", "keys.json")  # one for the run, wherever a test puts its data
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
sm2.PASSPHRASE_ROUNDS = 10
