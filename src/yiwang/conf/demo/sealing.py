# SPDX-License-Identifier: Apache-2.0
"""After the decisions: the custodian seals what was issued, the holder takes the files along, and a stranger
checks them, whole and with one byte changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from yiwang.apps.casework.public import application_view
from yiwang.kernel.actor import system

from .browser import Browser, Page, Stumbled
from .passphrases import SEAL_PASSPHRASE
from .stage import Stage

_READER = system("示例报告")
_FORMS = ("pdf", "ofd", "json")
_VALID = "文件盖有有效的电子印章，盖章后没有改动"


@dataclass(frozen=True)
class Sealed:
    """How many licences the custodian sealed, and of the holder's how many files were checked, in how many
    steps each."""

    licences: int
    files: int
    steps: int


def seal_and_check(stage: Stage, home: Browser, application: str) -> Sealed:
    """Seal everything that waits, then check the applicant's files as somebody who is not logged in."""
    step = stage.story.step
    with step("印章保管人签章：每种证照凭一份用印批准") as note:
        licences = _seal(stage.browser("baoguan"))
        note(f"{licences} 件证照盖上了行政审批专用章（PDF、OFD、JSON 各一份）")
    held = [one for item in application_view(_READER, application).items for one in item.results]
    with step("居民下载证照文件，交给陌生人核验（不用登录）") as note:
        steps = [
            _check(stage.browser(), name, content)
            for name, content in _files(home, [one.public_id for one in held])
        ]
        if not steps:
            raise Stumbled("没有可以下载的证照文件。")
        note(f"PDF、OFD、JSON 逐步核验通过，各 {min(steps)} 至 {max(steps)} 步；改动一个字节，就不通过")
    return Sealed(licences, len(steps), max(steps))


def _seal(keeper: Browser) -> int:
    """Type by type, as an approval covers one type; returns how many were sealed."""
    sealed = 0
    types = keeper.open("/office/licences/").form(having="type").controls["type"].options
    for material, _ in types:
        page = keeper.open(f"/office/licences/?type={material}") if material else None
        if page is None or not _waits(page):
            continue
        form = page.form(to="/seal")
        waiting = len(form.controls["licence"].values)
        after = form.put(passphrase=SEAL_PASSPHRASE).press()
        if after.complaints and not after.shows(f"已签章 {waiting} 件"):
            raise Stumbled("没有签成。", mend="".join(after.complaints))
        sealed += waiting
    return sealed


def _waits(page: Page) -> bool:
    return any("licence" in form.controls and form.controls["licence"].values for form in page.forms())


def _files(home: Browser, licences: list[str]) -> Iterator[tuple[str, bytes]]:
    """The files of the first licence among the results: a stranger may ask only so often a minute."""
    for licence in licences:
        page = home.open(f"/licences/{licence}")
        if page.has_link("下载 PDF"):
            for form in _FORMS:
                yield f"{licence}.{form}", home.fetch(f"/licences/{licence}/{form}")
            return


def _check(stranger: Browser, name: str, content: bytes) -> int:
    """Both as it is and with one byte changed; returns how many steps it was checked in."""
    good = _upload(stranger, name, content)
    if not good.shows(_VALID):
        raise Stumbled(f"{name} 没有通过核验。", mend="".join(good.complaints))
    middle = len(content) // 2
    spoilt = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
    try:
        passed = _upload(stranger, name, spoilt).shows(_VALID)
    except Stumbled:
        passed = False  # the file cannot even be opened any more
    if passed:
        raise Stumbled(f"{name} 改动一个字节后仍通过核验。")
    return len(good.tree.xpath("//tbody/tr"))


def _upload(stranger: Browser, name: str, content: bytes) -> Page:
    form = stranger.open("/verify").form(having="file")
    form.attach("file", (name, content))
    return form.press()
