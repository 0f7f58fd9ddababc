# SPDX-License-Identifier: Apache-2.0
"""`yiwang seals`: trust, revocation lists, makers and the check, from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from support.city import publish
from yiwang.apps.seals import public as seals
from yiwang.apps.seals.adapters.demo_authority import DemoAuthority
from yiwang.apps.seals.public import Wanted
from yiwang.apps.seals.tests.stage import set_up_maker
from yiwang.conf.cli_seals_admin import group
from yiwang.engines import sealing
from yiwang.engines.sealing import load_trust
from yiwang.kernel.errors import Conflict, Invalid

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _authority() -> None:
    """The catalogue's figures, the demo authority and a maker."""
    publish()
    set_up_maker()


def run(*words: str) -> Result:
    found = CliRunner().invoke(group, list(words))
    assert found.exit_code == 0, found.output
    return found


def test_what_is_trusted_goes_out_and_comes_in_again(tmp_path: Path) -> None:
    run("trust", "export", str(tmp_path / "out"))
    read, believed = load_trust([tmp_path / "out"]), seals.trust()
    assert (set(read.anchors), set(read.crls)) == (set(believed.anchors), set(believed.crls))
    listed = run("trust", "list").output
    digest = believed.anchors[0].digest.hex()
    assert digest in listed
    assert listed.count("现行") == 2
    root = tmp_path / "root.pem"
    root.write_bytes(believed.anchors[0].pem())
    unsaid = CliRunner().invoke(group, ["trust", "import", str(root)])
    assert isinstance(unsaid.exception, Invalid)
    assert digest in run("trust", "import", str(root), "--fingerprint", digest).output
    newest = tmp_path / "newest.crl"
    newest.write_bytes(believed.crls[-1].der)
    assert "以前导入过" in run("trust", "crl", str(newest)).output


def test_a_maker_asks_for_a_certificate_and_is_registered(tmp_path: Path) -> None:
    request, name = tmp_path / "maker.csr", "新的电子印章系统"
    told = run("maker-key", name, "--request", str(request), "--passphrase", "新的制章口令-2026-q").output
    assert "BEGIN CERTIFICATE REQUEST" in request.read_text()
    key = told.split("密钥名 ")[1].split("；")[0]
    point = seals.keeper().public_key(key)
    valid = seals.trust().intermediates[0]
    wanted = Wanted(point, name, name, valid.not_before, valid.not_after)
    certificate = tmp_path / "maker.der"
    certificate.write_bytes(DemoAuthority().issue(wanted))
    run("maker", name, "--key", key, "--certificate", str(certificate))
    assert seals.maker_name() == name
    other = tmp_path / "other.der"
    stranger = Wanted(sealing.generate().public.point, name, name, valid.not_before, valid.not_after)
    other.write_bytes(DemoAuthority().issue(stranger))
    wrong = CliRunner().invoke(group, ["maker", name, "--key", key, "--certificate", str(other)])
    assert isinstance(wrong.exception, Invalid | Conflict)


def test_the_check_says_how_many_letters_it_wrote() -> None:
    assert "写了 0 封提醒" in run("check").output
