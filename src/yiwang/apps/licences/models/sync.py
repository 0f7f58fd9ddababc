# SPDX-License-Identifier: Apache-2.0
"""What the province's store knows of our licences, and what flowed back to us."""

from __future__ import annotations

from django.db import models

from .licence import Licence


class IndexPush(models.Model):
    """The newest index record of a licence that the province took."""

    licence = models.OneToOneField(Licence, on_delete=models.PROTECT, related_name="index_push")
    seq = models.PositiveIntegerField(help_text="证照的第几条记录")
    digest = models.CharField(max_length=64)
    receipt = models.CharField(max_length=120)
    pushed_at = models.DateTimeField()


class FlowBack(models.Model):
    """A package of licences that came back from a national or provincial system."""

    public_id = models.CharField(max_length=40, unique=True)
    source = models.CharField(max_length=80, help_text="哪个系统回流的")
    digest = models.CharField(max_length=64, unique=True, help_text="整个文件的 SHA-256；同一个包只收一次")
    taken = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    wrong = models.PositiveIntegerField(default=0)
    given_by = models.CharField(max_length=80)
    given_at = models.DateTimeField()


class FlowBackProblem(models.Model):
    """A record of a package that was not taken, and why."""

    package = models.ForeignKey(FlowBack, on_delete=models.PROTECT, related_name="problems")
    record = models.PositiveIntegerField(help_text="第几条")
    what = models.CharField(max_length=300)
    mend = models.CharField(max_length=300)


class FlowedBack(models.Model):
    """A licence that came from outside, in which package: it is not pushed out again."""

    licence = models.OneToOneField(Licence, on_delete=models.PROTECT, related_name="flowed_back")
    package = models.ForeignKey(FlowBack, on_delete=models.PROTECT, related_name="licences")


class ReceivedFile(models.Model):
    """A file that came with a licence that flowed back, as it came; its seal was verified."""

    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="received_files")
    form = models.CharField(max_length=4)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    sealed = models.BooleanField(help_text="文件带电子印章，核验通过")
    words = models.CharField(max_length=300, help_text="核验的结论")
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["licence", "sha256"], name="licences_received_once")]
