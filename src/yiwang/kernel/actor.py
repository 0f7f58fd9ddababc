# SPDX-License-Identifier: Apache-2.0
"""Who acts. There is no call without an actor; the system is a named actor too."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from yiwang.kernel.termed import Termed


class ActorKind(StrEnum):
    """What sort of actor acts."""

    ANONYMOUS = "anonymous"  # 未登录
    PERSON = "person"  # 自然人
    OFFICER = "officer"  # 工作人员
    SYSTEM = "system"  # 系统（定时任务、事件反应）


class Role(Termed):
    """What an officer may do, in which place and department (see `Post`)."""

    COUNTER = "counter", "窗口人员"  # 窗口人员：收件、代填、代交
    HANDLER = "handler", "经办人"  # 经办人：受理、审查、踏勘
    APPROVER = "approver", "审批人"  # 审批人：决定
    REPRESENTATIVE = "representative", "首席事务代表"  # 首席事务代表：获部门全权授权，可受理、可决定
    CATALOGUE = "catalogue", "目录管理员"  # 目录管理员：目录版本的起草与审核
    CUSTODIAN = "custodian", "印章保管人"  # 印章保管人：管本单位的电子印章，经批准后用印
    SEALS = "seals", "印章管理员"  # 印章管理员：审核、制作、备案、注销电子印章
    DATA = "data", "数据管理员"  # 数据管理员：数据目录与共享、证照目录、模板、质量抽查、免证清单的审核
    SECURITY = (
        "security",
        "政务数据安全管理员",
    )  # 政务数据安全管理员：每个单位指定一名，管日志审计、告警、安全事件
    AUDITOR = "auditor", "督查人员"  # 督查：只读，看时钟与日志
    OPERATOR = "operator", "运维人员"  # 运维：看积压，不看个人信息


class Matter(Termed):
    """What an agent of a firm may do for it (授权事项), when not everything."""

    APPLICATIONS = "applications", "办件和证照"
    BENEFITS = "benefits", "惠企政策和补贴"
    DATA = "data", "查看企业数据、提数据异议"
    REQUESTS = "requests", "企业诉求"


@dataclass(frozen=True)
class Post:
    """A role in a department and a place. `place` "" means the whole city; `org` "" any department."""

    role: Role
    org: str = ""
    place: str = ""

    def covers(self, org: str, place: str) -> bool:
        """Whether the post reaches cases of this department in this place."""
        return (not self.org or self.org == org) and (not self.place or self.place == place)


@dataclass(frozen=True)
class Actor:
    """Who acts now. `firms`: public ids of firms this person may act for in everything; `limited`: (firm,
    matter) of firms for which they may act in some matters only. Where a matter is not asked for, those with
    limits may not."""

    kind: ActorKind
    id: str
    name: str
    posts: tuple[Post, ...] = ()
    firms: frozenset[str] = field(default_factory=frozenset)
    limited: frozenset[tuple[str, Matter]] = field(default_factory=frozenset)

    def has(self, *roles: Role, org: str | None = None, place: str | None = None) -> bool:
        """Whether the actor is an officer with one of `roles`, covering `org` and `place` if given."""
        return any(
            post.role in roles
            and (org is None or not post.org or post.org == org)
            and (place is None or not post.place or post.place == place)
            for post in self.posts
        )

    def firms_for(self, *matters: Matter) -> frozenset[str]:
        """The firms this person may act for in one of these matters."""
        return self.firms | {firm for firm, matter in self.limited if matter in matters}

    def is_subject(self, subject: str, *matters: Matter) -> bool:
        """Whether `subject` (public id of a person or firm) is the actor, or a firm they act for in one of
        these matters; none named: in everything."""
        return self.kind is ActorKind.PERSON and (subject == self.id or subject in self.firms_for(*matters))

    def is_near(self, subject: str) -> bool:
        """Whether `subject` is the actor or a firm they act for in anything: nobody decides on their own."""
        return self.is_subject(subject, *Matter)


ANONYMOUS = Actor(ActorKind.ANONYMOUS, "", "未登录的访客")


def system(name: str) -> Actor:
    """The system as a named actor, e.g. `system("时钟")`."""
    return Actor(ActorKind.SYSTEM, f"system:{name}", name)
