# SPDX-License-Identifier: Apache-2.0
"""Forms in which the data bureau enters where the rows of a resource are: one for each kind of source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from yiwang.apps.catalogue.public import current
from yiwang.apps.gateway.public import SourceView
from yiwang.engines.exchange import Resource

_COLUMN = "col-"
_NEED = {"required": "请填写。"}
KINDS = {"sql": "数据库", "http": "网络接口", "file": "数据文件", "returned": "省级回流数据"}
"""Kind of source → what it is called."""


class _SourceForm(forms.Form):
    """What every kind has: own limits, and what each information item is called there."""

    use_required_attribute = False
    kind = ""
    addresses: tuple[str, ...] = ()
    secrets: Mapping[str, str] = {}
    at_once = forms.IntegerField(
        label="同时最多几个调用", required=False, min_value=1, max_value=300, help_text="不填就按统一设定"
    )
    total_seconds = forms.IntegerField(
        label="一次调用最长几秒", required=False, min_value=1, max_value=300, help_text="不填就按统一设定"
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, resource: Resource, known: SourceView | None, **kwargs: Any) -> None:
        config = dict(known.config) if known is not None and known.kind == self.kind else {}
        kwargs["initial"] = {"version": known.version if known else 0} | (self.told(config) if config else {})
        if known is not None:
            kwargs["initial"] |= {"at_once": known.at_once, "total_seconds": known.total_seconds}
        super().__init__(*args, **kwargs)
        columns = config.get("columns", {})
        for one in resource.fields:
            self.fields[f"{_COLUMN}{one.id}"] = forms.CharField(
                label=one.name,
                required=False,
                max_length=200,
                initial=columns.get(one.id, ""),
                help_text=self.column_help,
            )
        for name in self.secrets:
            kept = known is not None and known.kind == self.kind and bool(known.secrets)
            self.fields[name].help_text += "；已填过，不改就留空" if kept else ""

    column_help = "在来源中叫什么；没有就留空"

    @property
    def column_fields(self) -> list[Any]:
        """The fields that name columns."""
        return [field for field in self if field.name.startswith(_COLUMN)]

    @property
    def own_fields(self) -> list[Any]:
        """The others, without the hidden one; the limits, which few change, at the end."""
        found = [one for one in self if not one.name.startswith(_COLUMN) and not one.is_hidden]
        return sorted(found, key=lambda one: one.name in ("at_once", "total_seconds"))

    @classmethod
    def told(cls, config: Mapping[str, Any]) -> dict[str, Any]:
        """What was registered, as the form shows it."""
        return {name: config.get(name) for name in cls.addresses}

    def columns(self) -> dict[str, str]:
        """Field → column, of those that were filled in."""
        given = self.cleaned_data.items()
        return {name.removeprefix(_COLUMN): text for name, text in given if name.startswith(_COLUMN) and text}

    def config(self) -> dict[str, Any]:
        """The registration."""
        given = {name: self.cleaned_data[name] for name in self.addresses}
        return {name: value for name, value in given.items() if value not in (None, "")} | {
            "columns": self.columns()
        }

    def secret(self) -> dict[str, str] | None:
        """The secrets, None when none was entered: those of before stay."""
        found = {
            key: self.cleaned_data[name] for name, key in self.secrets.items() if self.cleaned_data[name]
        }
        return found or None


class SqlForm(_SourceForm):
    """A table or view of a database."""

    kind = "sql"
    addresses = (
        *("dialect", "host", "port", "database", "user", "tls"),
        *("path", "schema", "table", "order", "order_column"),
    )
    secrets = {"password": "password"}
    column_help = "列名；没有就留空"
    dialect = forms.ChoiceField(
        label="数据库种类",
        choices=[("postgresql", "PostgreSQL"), ("sqlite", "SQLite 文件")],
        error_messages=_NEED,
    )
    host = forms.CharField(
        label="服务器地址", required=False, max_length=253, help_text="域名或 IP；SQLite 不填"
    )
    port = forms.IntegerField(label="端口", required=False, min_value=1, max_value=65535)
    database = forms.CharField(label="库名", required=False, max_length=63)
    user = forms.CharField(
        label="只读账号", required=False, max_length=63, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    password = forms.CharField(
        label="口令",
        required=False,
        max_length=200,
        help_text="加密保存，以后不再显示",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    tls = forms.ChoiceField(
        label="加密连接",
        required=False,
        choices=[
            ("", "按默认（核对服务器证书和名称）"),
            ("verify-full", "核对证书和名称"),
            ("verify-ca", "只核对证书"),
            ("require", "加密，不核对"),
            ("disable", "不加密（仅限本机）"),
        ],
    )
    path = forms.CharField(
        label="SQLite 文件位置",
        required=False,
        max_length=400,
        help_text="来源目录里的相对位置；PostgreSQL 不填",
    )
    schema = forms.CharField(label="模式（schema）", required=False, max_length=63)
    table = forms.CharField(label="表或视图", max_length=63, error_messages=_NEED)
    order = forms.ChoiceField(label="按哪个信息项排序", required=False)
    order_column = forms.CharField(
        label="或者按哪一列排序",
        required=False,
        max_length=63,
        help_text="分批读取用：每行不同、不为空，最好有索引；和上一项填一个",
    )

    def __init__(self, *args: Any, resource: Resource, known: SourceView | None, **kwargs: Any) -> None:
        super().__init__(*args, resource=resource, known=known, **kwargs)
        order = self.fields["order"]
        order.choices = [("", "不按信息项"), *((one.id, one.name) for one in resource.fields)]  # type: ignore[attr-defined]


class HttpForm(_SourceForm):
    """A service that is asked by POST with JSON."""

    kind = "http"
    addresses = ("url", "rows", "page", "next_page")
    secrets = {"token": "Authorization"}
    column_help = "在一条数据里的位置，例如 person.name；没有就留空"
    url = forms.CharField(
        label="接口地址", max_length=400, help_text="以 https:// 开头，不带 ? 和 #", error_messages=_NEED
    )
    token = forms.CharField(
        label="令牌（Authorization 的值）",
        required=False,
        max_length=2000,
        help_text="例如 Bearer 后面加令牌；加密保存，以后不再显示",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    rows = forms.CharField(
        label="数据列表的位置",
        required=False,
        max_length=200,
        help_text="例如 data.rows；回答本身就是列表的不填",
    )
    parameters = forms.CharField(
        label="查询参数名",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="接口用别的名字才填，每行一个：信息项编号=参数名",
    )
    page = forms.CharField(label="翻页参数名", required=False, max_length=63, help_text="能整批读取的才填")
    next_page = forms.CharField(label="回答里下一页的位置", required=False, max_length=200)

    @classmethod
    def told(cls, config: Mapping[str, Any]) -> dict[str, Any]:
        """What was registered, as the form shows it."""
        named = config.get("parameters", {})
        return super().told(config) | {"parameters": "\n".join(f"{a}={b}" for a, b in named.items())}

    def clean_parameters(self) -> dict[str, str]:
        """One name on each line. Raises ValidationError."""
        found: dict[str, str] = {}
        for line in self.cleaned_data["parameters"].splitlines():
            if line.strip():
                name, equals, parameter = (part.strip() for part in line.partition("="))
                if not (name and equals and parameter):
                    raise forms.ValidationError("每行写成 信息项编号=参数名。")
                found[name] = parameter
        return found

    def config(self) -> dict[str, Any]:
        """The registration."""
        return super().config() | {"parameters": self.cleaned_data["parameters"]}


class FileForm(_SourceForm):
    """A file that the provider puts into the folder of sources."""

    kind = "file"
    addresses = ("path", "format", "encoding", "delimiter", "sheet")
    column_help = "列名（第一行里的字）；没有就留空"
    path = forms.CharField(
        label="文件位置",
        max_length=400,
        help_text="来源目录里的相对位置，例如 hr/social.csv",
        error_messages=_NEED,
    )
    format = forms.ChoiceField(
        label="格式",
        choices=[("csv", "CSV"), ("xlsx", "Excel（xlsx）"), ("parquet", "Parquet")],
        error_messages=_NEED,
    )
    encoding = forms.ChoiceField(
        label="编码", required=False, choices=[("utf-8", "UTF-8"), ("gb18030", "GB18030（含 GBK）")]
    )
    delimiter = forms.ChoiceField(
        label="分隔符",
        required=False,
        choices=[(",", "逗号"), (";", "分号"), ("\t", "制表符"), ("|", "竖线")],
    )
    sheet = forms.CharField(
        label="工作表", required=False, max_length=100, help_text="Excel 才填；不填是第一张"
    )


class ReturnedForm(_SourceForm):
    """What flowed back from the province."""

    kind = "returned"
    addresses = ("code", "org")
    column_help = "省级信息项的编号；没有就留空"
    code = forms.CharField(
        label="省级资源编号", max_length=80, help_text="“省级平台”资源目录里的编号", error_messages=_NEED
    )
    org = forms.ChoiceField(label="回流给哪个部门", error_messages=_NEED)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        orgs = sorted(current().catalogue.orgs.values(), key=lambda one: one.name)
        field = self.fields["org"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "请选择"), *((one.id, one.name) for one in orgs)]


FORMS: Mapping[str, type[_SourceForm]] = {
    **{"sql": SqlForm, "http": HttpForm, "file": FileForm},
    "returned": ReturnedForm,
}
"""Kind of source → its form."""


class TryForm(forms.Form):
    """Whom to ask a source for when it is tried."""

    use_required_attribute = False
    key = forms.ChoiceField(label="按什么查", required=False)
    value = forms.CharField(
        label="查谁",
        required=False,
        max_length=100,
        help_text="不保存、不显示查到的内容；不填就读第一条",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, resource: Resource, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(one.id, one.name) for one in resource.fields if one.key]
        self.fields["key"].choices = [("", "读第一条"), *names]  # type: ignore[attr-defined]
