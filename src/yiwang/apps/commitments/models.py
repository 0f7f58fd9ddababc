# SPDX-License-Identifier: Apache-2.0
"""Tables of commitments: letters with their chain of facts, and what became of them afterwards."""

from __future__ import annotations

from django.db import models

from yiwang.apps.journal.public import AppendOnly
from yiwang.apps.vault.public import EncryptedJSONField, EncryptedTextField

from .domain.listing import ListState
from .domain.states import CheckState, Found, LetterState, Method


class Letter(models.Model):
    """A letter (承诺书) that stands for one document of one application. Its row is the lock for whatever
    becomes of it, so that a grant and a finding never cross."""

    public_id = models.CharField(max_length=40, unique=True)
    case = models.CharField(max_length=40, help_text="哪份申请")
    material = models.CharField(max_length=80)
    items = models.JSONField(default=list, help_text="哪些事项凭它办理")
    subject = models.CharField(max_length=40)
    agent = models.CharField(max_length=40, help_text="承诺人：申请人本人、法定代表人或有特别授权的经办人")
    authority = models.CharField(max_length=40, blank=True, help_text="特别授权的公开编号；本人承诺的为空")
    release = models.CharField(max_length=64, help_text="所示文本的目录版本")
    version = models.CharField(max_length=64, help_text="所示文本的 SHA-256")
    text = EncryptedTextField(row="public_id", help_text="所示的告知和承诺")
    identity = EncryptedTextField(row="public_id", help_text="承诺人的身份证号或者统一社会信用代码（L771）")
    signed_at = models.DateTimeField()
    signed_by = models.CharField(max_length=80)
    signature = models.CharField(max_length=80, blank=True, help_text="电子签名的公开编号；其余为签署方式")
    state = models.CharField(max_length=10, choices=[(one.value, one.term) for one in LetterState])
    shown_from = models.DateField(null=True, help_text="向社会公开的第一日；不公开的为空")
    shown_until = models.DateField(null=True, help_text="向社会公开的最后一日")
    false_record = models.CharField(max_length=40, blank=True, help_text="不实计入的信用信息：只计一次")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "material"], condition=models.Q(state=LetterState.SIGNED.value),
                name="commitments_one_signed",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["case"], name="commitments_case"),
            models.Index(fields=["subject"], name="commitments_subject"),
            models.Index(
                fields=["shown_until"],
                condition=models.Q(shown_until__isnull=False),
                name="commitments_shown",
            ),
        ]


class Fact(AppendOnly):
    """One link of a letter's chain: shown and signed, counted, withdrawn, checked, concluded, mended."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="facts")
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    by_name = models.CharField(max_length=80)
    words = EncryptedTextField(blank=True, row="letter_id")
    about = models.CharField(max_length=80, blank=True, help_text="核查、证照、信用信息的公开编号")


class Authority(AppendOnly):
    """A special authority (特别授权): the applicant lets this person commit for this one document. Its words
    and their digest are kept as evidence."""

    public_id = models.CharField(max_length=40, unique=True)
    case = models.CharField(max_length=40)
    material = models.CharField(max_length=80)
    subject = models.CharField(max_length=40)
    agent = models.CharField(max_length=40)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    words = EncryptedTextField(row="public_id", help_text="授权书的全文")
    version = models.CharField(max_length=64, help_text="授权书全文的 SHA-256")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "material", "agent"], name="commitments_authority_once")
        ]


class Check(models.Model):
    """The check (核查) of a letter for one granted item; its licences rest on the letter."""

    public_id = models.CharField(max_length=40, unique=True)
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="checks")
    item = models.CharField(max_length=80)
    org = models.CharField(max_length=60)
    place = models.CharField(max_length=40)
    licences = models.JSONField(default=list, help_text="凭承诺核发的证照、结果的公开编号")
    why = models.CharField(max_length=200, help_text="按哪一类核查，为什么")
    state = models.CharField(max_length=10, choices=[(one.value, one.term) for one in CheckState])
    due_on = models.DateField(null=True)
    opened_at = models.DateTimeField()
    concluded_at = models.DateTimeField(null=True)
    concluded_by = models.CharField(max_length=80, blank=True)
    mend_until = models.DateField(null=True, help_text="责令限期整改的最后一日")
    mended_at = models.DateTimeField(null=True)
    record = models.CharField(max_length=40, blank=True, help_text="计入的信用信息的公开编号")
    said = EncryptedJSONField(default=dict, row="public_id", help_text="申请表上要在线比对的内容")
    compare_at = models.DateTimeField(null=True, help_text="什么时候自动比对；空为不用或者比过了")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["letter", "item"], name="commitments_check_once")]
        indexes = [
            models.Index(
                fields=["org", "due_on"],
                condition=models.Q(state=CheckState.DUE.value),
                name="commitments_due",
            ),
            models.Index(
                fields=["compare_at"],
                condition=models.Q(compare_at__isnull=False),
                name="commitments_compare",
            ),
        ]


class Look(AppendOnly):
    """One look of a check: by which way, what it found, in words; `receipts`: of the calls it rests on."""

    of = models.ForeignKey(Check, on_delete=models.PROTECT, related_name="looks")
    method = models.CharField(max_length=10, choices=[(one.value, one.term) for one in Method])
    found = models.CharField(max_length=10, choices=[(one.value, one.term) for one in Found])
    words = EncryptedTextField(row="of_id")
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    by_name = models.CharField(max_length=80)
    receipts = models.JSONField(default=list, help_text="共享数据调用的回执")


class Assistance(models.Model):
    """Another body was asked to help (协助核查): it answers, or refuses in writing with its reasons."""

    public_id = models.CharField(max_length=40, unique=True)
    of = models.ForeignKey(Check, on_delete=models.PROTECT, related_name="assistances")
    org = models.CharField(max_length=60)
    question = EncryptedTextField(row="public_id")
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=80)
    answer_by = models.DateField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=80, blank=True)
    refused = models.BooleanField(default=False)
    answer = EncryptedTextField(blank=True, row="public_id", help_text="答复，或者不能协助的理由")


class ProofList(models.Model):
    """A version of a department's or a county's list of proofs that a commitment may replace: named by the
    digest of what a release says. Its row is the lock for its steps."""

    public_id = models.CharField(max_length=40, unique=True)
    org = models.CharField(max_length=60)
    place = models.CharField(max_length=40, blank=True, help_text="哪个县区的清单；市级部门的为空")
    digest = models.CharField(max_length=64)
    release = models.CharField(max_length=64, help_text="在哪个目录版本里")
    lines = models.JSONField(default=list, help_text="报送时的内容")
    state = models.CharField(max_length=10, choices=[(one.value, one.term) for one in ListState])
    began_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["org", "place", "digest"],
                condition=~models.Q(state=ListState.RETURNED.value),
                name="commitments_one_list",
            )
        ]


class ListStep(AppendOnly):
    """One step of a version: sent, sent back, reviewed, approved, published, filed."""

    of = models.ForeignKey(ProofList, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=10, choices=[(one.value, one.term) for one in ListState])
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    by_name = models.CharField(max_length=80)
    words = models.CharField(max_length=500, blank=True, help_text="报送、调整、退回的理由；审核意见")
    reference = models.CharField(max_length=100, blank=True, help_text="审定、备案的文号")
