# SPDX-License-Identifier: Apache-2.0
"""Tables of casework. Rules live in `domain/`, changes in `commands/`."""

from __future__ import annotations

from django.db import models

from yiwang.apps.journal.public import AppendOnly
from yiwang.apps.vault.public import EncryptedJSONField, EncryptedTextField


class NumberSeries(models.Model):
    """The last number given in one series. Its row is locked while a number is taken, in the
    transaction that uses it: a number is neither given twice nor lost."""

    key = models.CharField(max_length=120, primary_key=True)
    last = models.PositiveIntegerField(default=0)


class Channel(models.TextChoices):
    """Where an application came in (一体五端)."""

    PORTAL = "portal", "网上"
    COUNTER = "counter", "窗口"
    API = "api", "接口"


class Stage(models.TextChoices):
    """Where an application stands as a whole."""

    DRAFT = "draft", "填写中"
    HANDLING = "handling", "办理中"
    FINISHED = "finished", "已办结"
    WITHDRAWN = "withdrawn", "已撤回"


class Application(models.Model):
    """One application for a life event (办件): one form, one set of documents, many items."""

    public_id = models.CharField(max_length=40, unique=True)
    number = models.CharField(max_length=40, unique=True, null=True)
    life_event = models.CharField(max_length=80)
    release = models.CharField(max_length=64, help_text="开始时的目录版本；办理中不变")
    subject = models.CharField(max_length=40, help_text="申请人（人或企业）的公开编号")
    agent = models.CharField(max_length=40, help_text="实际经办的自然人")
    channel = models.CharField(max_length=10, choices=Channel)
    started_by = models.CharField(max_length=40)
    receiving_place = models.CharField(max_length=40)
    handling_place = models.CharField(max_length=40)
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.DRAFT)
    answers = EncryptedJSONField(default=dict, row="public_id", help_text="引导问题的回答：数据元 → 值")
    choice = models.JSONField(null=True, help_text="选办的事项；空为全部适用事项")
    form = EncryptedJSONField(default=dict, row="public_id", help_text="一表：数据元 → 值")
    suggested = EncryptedJSONField(
        default=dict, row="public_id", help_text="申请人先前自己的回答（政策计算器等），只作预填：数据元 → 值"
    )
    plan = EncryptedJSONField(null=True, row="public_id", help_text="提交时的办理方案")
    key = models.CharField(max_length=80, unique=True, null=True, help_text="提交的幂等键")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)
    finished_at = models.DateTimeField(null=True)
    delivery = models.CharField(max_length=12, blank=True)
    delivery_address = EncryptedTextField(max_length=200, blank=True, row="public_id")
    archive_due = models.BooleanField(
        default=False, help_text="归档包待写（办结时，以及办结后又补交了材料时）"
    )
    awaits_seal = models.BooleanField(default=False, help_text="归档包写好时还有结果没有签章：签章后再写一次")

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=models.Q(archive_due=True), name="casework_archive_due"),
            models.Index(fields=["id"], condition=models.Q(awaits_seal=True), name="casework_awaits_seal"),
            models.Index(fields=["subject", "-id"], name="casework_app_subject"),
            models.Index(fields=["agent", "-id"], name="casework_app_agent"),
            models.Index(fields=["started_by", "-id"], name="casework_app_started_by"),
        ]


class Document(models.Model):
    """One material of an application: where it comes from and how it stands."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="documents")
    material = models.CharField(max_length=80)
    resolution = models.CharField(max_length=20, help_text="由谁提供：电子证照、前序结果、申请人…")
    evidence = models.CharField(max_length=40, blank=True, help_text="证照或电子材料的公开编号")
    files = models.JSONField(default=list, help_text="上传文件的公开编号")
    own_way = models.BooleanField(default=False, help_text="申请人选择自己交这份材料，不用已有的")
    deferred = models.BooleanField(default=False, help_text="容缺：承诺后补，还没有补")
    promised_at = models.DateTimeField(null=True, help_text="容缺：何时承诺后补")
    due_on = models.DateField(null=True, help_text="容缺：最迟何日补交，受理时起算")
    reminded_at = models.DateTimeField(null=True)
    lapsed_at = models.DateTimeField(null=True, help_text="容缺：到期没有补交")
    supplied_at = models.DateTimeField(null=True, help_text="容缺：何时补交")
    record = models.CharField(max_length=40, blank=True, help_text="容缺：守约或失约的信用信息")
    letter = models.CharField(
        max_length=40, blank=True, help_text="告知承诺：承诺书的公开编号；撤回的也在，那时要交材料"
    )
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "material"], name="casework_document_once")
        ]
        indexes = [
            models.Index(fields=["due_on"], condition=models.Q(deferred=True), name="casework_promises")
        ]


class SignedHow(models.TextChoices):
    """How the application form is signed."""

    ELECTRONIC = "electronic", "电子签名"
    PAPER = "paper", "到窗口在纸质表上签字"
    NOT_ASKED = "not-asked", "不要求签名"


class Declaration(AppendOnly):
    """What the applicant declared when submitting: the words, the application form as it was then,
    and how it is signed. What is corrected later does not change it."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="declaration")
    version = models.CharField(max_length=64, blank=True, help_text="声明文本的 SHA-256；接口提交的为空")
    words = models.TextField(blank=True)
    form = EncryptedTextField(row="application_id", help_text="申请表原文，一个字节也不变")
    digest = models.CharField(max_length=64, help_text="申请表的 SM3")
    signed_how = models.CharField(max_length=12, choices=SignedHow)
    signing = models.CharField(max_length=40, blank=True, help_text="电子签名的公开编号")
    at = models.DateTimeField()
    by = models.CharField(max_length=80)


class ItemCase(models.Model):
    """One item of an application, with its own state and clock."""

    public_id = models.CharField(max_length=40, unique=True)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="items")
    item = models.CharField(max_length=80)
    org = models.CharField(max_length=60)
    place = models.CharField(max_length=40)
    state = models.CharField(max_length=30)
    open = models.BooleanField(default=True)
    waits_for = models.JSONField(default=list, help_text="还在等哪些事项的结果")
    due_on = models.DateField(null=True)
    provisional = models.BooleanField(default=False)
    calendar_version = models.CharField(max_length=80, blank=True)
    yellow_on = models.DateField(null=True)
    red_on = models.DateField(null=True)
    deliver_by = models.DateField(null=True, help_text="决定作出后最迟何日送达")
    called_at = models.DateTimeField(null=True, help_text="何时请申请人先来领取")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "item"], name="casework_item_once")]
        # One for each sort of post, over open cases only: a list reads a page of it, in its order.
        indexes = [
            models.Index(fields=fields, condition=models.Q(open=True), name=name)
            for name, fields in (
                ("casework_open_org_place", ["org", "place", "due_on", "id"]),
                ("casework_open_org", ["org", "due_on", "id"]),
                ("casework_open_place", ["place", "due_on", "id"]),
                ("casework_open", ["due_on", "id"]),
                ("casework_open_state", ["state", "application"]),  # what waits for one thing
            )
        ]


class Move(AppendOnly):
    """One move of an item case: from which state to which, by whom, with which words."""

    item_case = models.ForeignKey(ItemCase, on_delete=models.PROTECT, related_name="moves")
    transition = models.CharField(max_length=40)
    before = models.CharField(max_length=30)
    after = models.CharField(max_length=30)
    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    actor_name = models.CharField(max_length=80)
    words = EncryptedTextField(blank=True, row="item_case_id", help_text="意见、理由")
    step = models.CharField(max_length=40, blank=True, help_text="进入的是哪个特殊环节")


class ClockRow(AppendOnly):
    """One event of an item's legal clock. Due dates are computed from these rows, for any day."""

    item_case = models.ForeignKey(ItemCase, on_delete=models.PROTECT, related_name="clock")
    kind = models.CharField(max_length=10)
    on = models.DateField(help_text="法律上发生之日")
    recorded_on = models.DateField(help_text="记入之日")
    step = models.CharField(max_length=40, blank=True)
    days = models.DecimalField(max_digits=6, decimal_places=1, null=True)
    reason = models.CharField(max_length=300, blank=True)
    by = models.CharField(max_length=80)


class Correction(models.Model):
    """一次性补正: all that is missing, said once. At most one per item case."""

    item_case = models.OneToOneField(ItemCase, on_delete=models.PROTECT, related_name="correction")
    points = EncryptedJSONField(row="item_case_id", help_text="[{target, what}]：哪一项、要改什么")
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=80)
    reminded_at = models.DateTimeField(null=True)
    supplied_at = models.DateTimeField(null=True)


class Visit(models.Model):
    """A site visit; joint when several items need the same place seen (联合踏勘)."""

    public_id = models.CharField(max_length=40, unique=True)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="visits")
    target = models.CharField(max_length=80, help_text="看哪里：数据元或材料的编号")
    planned_on = models.DateField(null=True)
    planned_by = models.CharField(max_length=80, blank=True)
    done_on = models.DateField(null=True)


class Finding(models.Model):
    """What one department found on a visit."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="findings")
    item_case = models.OneToOneField(ItemCase, on_delete=models.PROTECT, related_name="finding")
    passed = models.BooleanField(null=True)
    words = EncryptedTextField(blank=True, row="item_case_id")
    by = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField(null=True)


class Decision(AppendOnly):
    """The decision on an item: once, with reason and remedy when refused."""

    item_case = models.OneToOneField(ItemCase, on_delete=models.PROTECT, related_name="decision")
    granted = models.BooleanField()
    reason = EncryptedTextField(blank=True, row="item_case_id")
    remedy = models.TextField(blank=True)
    results = models.JSONField(default=list, help_text="核发的证照、结果的公开编号")
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    by_name = models.CharField(max_length=80)


class Handover(AppendOnly):
    """收件地 → 办理地: what was handed over, when, by whom."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="handovers")
    from_place = models.CharField(max_length=40)
    to_place = models.CharField(max_length=40)
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    words = models.CharField(max_length=300, blank=True)


class Delivery(AppendOnly):
    """送达: all results of an application together, by the way the applicant chose; more than once
    only when some were handed over ahead of the others."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="deliveries")
    method = models.CharField(max_length=12)
    items = models.JSONField(default=list, help_text="送达了哪些事项的结果")
    tracking = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=80)


class ArchivePackage(AppendOnly):
    """归档包: the file with everything of a finished application, by its digest. A later one holds
    all of the earlier one and what came after it."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="archives")
    path = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    journal_length = models.PositiveIntegerField(default=0, help_text="写入时日志有几行：凭它重做同一个包")
    results = models.JSONField(default=list, help_text="写入时已经签章、文件放进包里的证照")
    keep_until = models.DateField(null=True, help_text="保管到何日（含当日）；空为永久")
    at = models.DateTimeField()
