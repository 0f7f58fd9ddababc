# SPDX-License-Identifier: Apache-2.0
"""Tables of presentment: what is being shown, who is authorised, what was used."""

from __future__ import annotations

from django.db import models


class Showing(models.Model):
    """A holder shows one licence for one purpose; its QR code changes until somebody has scanned it."""

    public_id = models.CharField(max_length=40, unique=True)
    licence = models.CharField(max_length=40)
    subject = models.CharField(max_length=40, help_text="持证主体的公开编号")
    shown_by = models.CharField(max_length=40, help_text="出示的人的公开编号")
    purpose = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField(help_text="此后不再换新码")
    used_at = models.DateTimeField(null=True)


class ShowCode(models.Model):
    """One code of a showing. Only its digest is kept; the newest counts, for seconds."""

    showing = models.ForeignKey(Showing, on_delete=models.PROTECT, related_name="codes")
    digest = models.CharField(max_length=64, unique=True, help_text="码的 SHA-256")
    expires_at = models.DateTimeField(db_index=True)
    replaced_at = models.DateTimeField(null=True)


class Authorisation(models.Model):
    """A holder lets a clerk use named licences, for one purpose and a short time."""

    public_id = models.CharField(max_length=40, unique=True)
    subject = models.CharField(max_length=40, db_index=True)
    given_by = models.CharField(max_length=40)
    purpose = models.CharField(max_length=80)
    licences = models.JSONField(help_text="证照的公开编号")
    place = models.CharField(max_length=40)
    officer = models.CharField(max_length=40, blank=True, db_index=True, help_text="指名的人；空为凭授权码")
    application = models.CharField(max_length=40, blank=True, help_text="只为哪件办件；空为只用一次")
    code_hash = models.CharField(max_length=200)
    tries = models.PositiveSmallIntegerField(default=0, help_text="授权码输错次数")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, help_text="第一次使用")
    revoked_at = models.DateTimeField(null=True)


class Use(models.Model):
    """Somebody used a licence: by scanning a showing, or by an authorisation. They may read its page
    again until `page_until`; the journal keeps it for good."""

    public_id = models.CharField(max_length=40, unique=True)
    showing = models.OneToOneField(Showing, null=True, on_delete=models.PROTECT, related_name="use")
    authorisation = models.ForeignKey(Authorisation, null=True, on_delete=models.PROTECT, related_name="uses")
    once = models.BooleanField(help_text="一次性：同一授权不会有第二条")
    actor = models.CharField(max_length=40)
    on_behalf = models.CharField(max_length=40, blank=True, help_text="代表哪个企业看的")
    shown_as = models.CharField(max_length=200, help_text="持证人看到的称呼：个人隐去部分字")
    subject = models.CharField(max_length=40)
    purpose = models.CharField(max_length=80)
    licences = models.JSONField()
    at = models.DateTimeField()
    page_until = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(showing__isnull=False, authorisation__isnull=True)
                | models.Q(showing__isnull=True, authorisation__isnull=False),
                name="presentment_use_of_one",
            ),
            models.UniqueConstraint(
                fields=["authorisation"],
                condition=models.Q(once=True, authorisation__isnull=False),
                name="presentment_used_once",
            ),
        ]
