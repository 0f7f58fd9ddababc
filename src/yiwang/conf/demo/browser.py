# SPDX-License-Identifier: Apache-2.0
"""A browser without JavaScript: it opens pages, fills in what a form offers, presses a button.

It sends only fields and answers that stand on the page, so what works here works for a person.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

import httpx
from lxml import html

from yiwang.kernel.errors import Invalid, YiwangError

_ONE_OF = ("radio", "checkbox")
_CHOSEN = "checked"


@dataclass(frozen=True)
class Site:
    """Where the city answers: an address, or (in tests) the application itself."""

    address: str
    transport: httpx.BaseTransport | None = None

    def client(self, **more: Any) -> httpx.Client:
        """A client of its own, with its own cookies; no proxy of the environment stands between."""
        return httpx.Client(
            base_url=self.address, transport=self.transport, timeout=60, trust_env=False, **more
        )


class Stumbled(YiwangError):
    """A page that does not lead on: it answered with an error, or lacks what a person would look for."""


@dataclass
class Control:
    """Everything in a form that goes by one name."""

    name: str
    kind: str  # text, select, radio, checkbox, hidden, file
    options: list[tuple[str, str]] = field(default_factory=list)  # (value, label)
    values: list[str] = field(default_factory=list)
    folded: bool = False  # inside something that is closed until somebody opens it

    @property
    def empty(self) -> bool:
        """Whether nothing is typed or chosen yet."""
        return not any(self.values)

    def put(self, wanted: Any) -> None:
        """Type or choose `wanted`: of a choice, the option with this value or label. Raises Stumbled."""
        if self.kind not in (*_ONE_OF, "select"):
            self.values = [str(wanted)]
            return
        every = wanted if isinstance(wanted, list | tuple) else [wanted]
        self.values = [self._option(str(one)) for one in every]

    def _option(self, wanted: str) -> str:
        for value, label in self.options:
            if wanted in (value, label):
                return value
        offered = "、".join(label or value for value, label in self.options)
        raise Stumbled(f"“{self.name}”没有“{wanted}”这个选项。", mend=f"页面上有：{offered}。")


class Form:
    """A form of a page, with what stands in it."""

    def __init__(self, page: Page, element: html.HtmlElement) -> None:
        self._page = page
        self._element = element
        self.action = urljoin(page.url, element.get("action") or page.url)
        self.method = (element.get("method") or "get").lower()
        self.controls = {c.name: c for c in _controls(page, element)}
        self._files: list[tuple[str, tuple[str, bytes]]] = []

    def values_of_button(self, name: str) -> list[str]:
        """What the buttons of this name stand for; empty when there is none."""
        return [one.get("value") or "" for one in self._element.iter("button") if one.get("name") == name]

    def put(self, **values: Any) -> Form:
        """Fill in several fields; underscores stand for hyphens. Raises Stumbled for one not there."""
        for name, wanted in values.items():
            self.fill(name if name in self.controls else name.replace("_", "-"), wanted)
        return self

    def fill(self, name: str, wanted: Any) -> None:
        """Fill in one field. Raises Stumbled when it is not there."""
        if name not in self.controls:
            raise Stumbled(f"表单里没有“{name}”。", mend=f"页面：{self._page.title}。")
        self.controls[name].put(wanted)

    def attach(self, name: str, file: tuple[str, bytes]) -> None:
        """Choose a file. Raises Stumbled when the form does not take it."""
        if name not in self.controls or self.controls[name].kind != "file":
            raise Stumbled(f"页面上不能上传“{name}”。", mend=f"页面：{self._page.title}。")
        self._files.append((name, file))

    def press(self, button: str = "", value: str = "1") -> Page:
        """Send the form, with the named button if it has one."""
        data: dict[str, list[str]] = {
            name: control.values for name, control in self.controls.items() if control.kind != "file"
        }
        if button:
            data[button] = [value]
        return self._page.browser.send(self, data, self._files)


def _controls(page: Page, element: html.HtmlElement) -> Iterator[Control]:
    found: dict[str, Control] = {}
    for one in element.iter("input", "textarea", "select"):
        name, kind = one.get("name"), _kind(one)
        if not name or kind == "submit" or (one.get("form") or "") == "none":
            continue
        control = found.setdefault(name, Control(name, kind, folded=_is_folded(one)))
        if kind in _ONE_OF:
            control.kind = kind
            control.options.append((one.get("value") or "on", page.label_of(one)))
            if one.get(_CHOSEN) is not None:
                control.values.append(one.get("value") or "on")
        elif kind == "select":
            control.options = [(o.get("value") or "", _text(o)) for o in one.iter("option")]
            chosen = [o.get("value") or "" for o in one.iter("option") if o.get("selected") is not None]
            control.values = chosen or [control.options[0][0]]
        elif kind != "file":
            control.values.append(one.text or "" if one.tag == "textarea" else one.get("value") or "")
    yield from found.values()


def _kind(one: html.HtmlElement) -> str:
    if one.tag == "input":
        kind = (one.get("type") or "text").lower()
        return kind if kind in (*_ONE_OF, "hidden", "file", "submit") else "text"
    return "select" if one.tag == "select" else "text"


def _is_folded(one: html.HtmlElement) -> bool:
    return any(outer.tag == "details" and outer.get("open") is None for outer in one.iterancestors())


def _text(one: html.HtmlElement) -> str:
    return " ".join(one.text_content().split())


class Page:
    """A page as it was received."""

    def __init__(self, browser: Browser, response: httpx.Response) -> None:
        self.browser = browser
        self.url = str(response.url)
        self.tree = html.fromstring(response.content, parser=html.HTMLParser(encoding="utf-8"))

    @property
    def title(self) -> str:
        """The first heading."""
        return next((_text(h) for h in self.tree.iter("h1")), "")

    @property
    def path(self) -> str:
        """The path of the address, without query."""
        return httpx.URL(self.url).path

    @property
    def complaints(self) -> list[str]:
        """What the page says is wrong."""
        found = self.tree.xpath('//*[contains(concat(" ",@class," ")," wrong ") or @role="alert"]')
        return list(dict.fromkeys(_text(one) for one in found))

    def label_of(self, one: html.HtmlElement) -> str:
        """The first words of a control's label, as a person reads them."""
        labels = self.tree.xpath("//label[@for=$id]", id=one.get("id") or "")
        spans = labels[0].xpath(".//span") if labels else []
        if spans and spans[0].text and spans[0].text.strip():
            return str(spans[0].text.strip())
        return _text(labels[0]) if labels else ""

    def has_link(self, words: str) -> bool:
        """Whether a link says this."""
        return any(words in _text(a) for a in self.tree.iter("a"))

    def follow(self, words: str) -> Page:
        """Click the first link that says this. Raises Stumbled."""
        for link in self.tree.iter("a"):
            if words in _text(link) and link.get("href"):
                return self.browser.open(urljoin(self.url, link.get("href")))
        raise Stumbled(f"页面“{self.title}”上没有“{words}”这个链接。")

    def forms(self) -> Iterator[Form]:
        """Every form of the page."""
        return (Form(self, element) for element in self.tree.iter("form"))

    def form(self, *, having: str = "", to: str = "") -> Form:
        """The first form with this field, or whose action ends so. Raises Stumbled."""
        for form in self.forms():
            path = httpx.URL(form.action).path
            if (not having or having in form.controls) and (not to or path.endswith(to)):
                return form
        missing = f"页面“{self.title}”上没有要填的表单（{having or to}）。"
        raise Stumbled(missing, mend="".join(self.complaints))

    def shows(self, words: str) -> bool:
        """Whether these words stand on the page."""
        return words in _text(self.tree)


class Browser:
    """One person's browser, with its own cookies."""

    def __init__(self, site: Site) -> None:
        self._client = site.client(follow_redirects=True)
        self.pages = 0

    def open(self, address: str) -> Page:
        """Open an address. Raises Stumbled when the page is an error."""
        return self._page(self._client.get(address))

    def fetch(self, address: str) -> bytes:
        """The bytes of a file. Raises Stumbled."""
        answer = self._client.get(address)
        if answer.status_code != httpx.codes.OK:
            raise Stumbled(f"打不开 {httpx.URL(address).path}（{answer.status_code}）。")
        return answer.content

    def json(self, address: str) -> Any:
        """What the API answers within this session. Raises Stumbled."""
        answer = self._client.get(address)
        if answer.status_code != httpx.codes.OK:
            raise Stumbled(f"接口 {address} 回答 {answer.status_code}。", mend=answer.text[:300])
        return answer.json()

    def send(
        self, form: Form, data: dict[str, list[str]], files: list[tuple[str, tuple[str, bytes]]]
    ) -> Page:
        """Send a form and open what it leads to. Raises Stumbled."""
        if form.method == "get":
            return self._page(self._client.get(form.action, params=data))
        head = {"Referer": form.action}
        if files:
            return self._page(self._client.post(form.action, data=data, files=files, headers=head))
        return self._page(self._client.post(form.action, data=data, headers=head))

    def log_in(self, username: str, password: str) -> Page:
        """Log in on the login page."""
        return self.open("/login").form(having="password").put(username=username, password=password).press()

    def _page(self, answer: httpx.Response) -> Page:
        self.pages += 1
        if not answer.headers.get("content-type", "").startswith("text/html"):
            raise Stumbled(f"{answer.url.path} 不是网页。")
        try:
            page = Page(self, answer)
        except ValueError as empty:
            raise Invalid(f"{answer.url.path} 是空白页（{answer.status_code}）。") from empty
        if answer.status_code >= 400:
            words = "；".join(page.complaints) or page.title
            raise Stumbled(f"{answer.url.path}（{answer.status_code}）：{words}")
        return page

    def close(self) -> None:
        """Close the connections."""
        self._client.close()
