"""Audits 安全审计: of a firm or of a supervising department, from the sample to the follow-up.

What was seen at a site is an inspection of the kind `audit`; here is what it was drawn from, what
was found, and who drew the report up and issued it.
"""

from django.db import models

from gongzhi.mechanisms.safety.models.columns import id_field, place_field
from gongzhi.mechanisms.safety.models.register import Enterprise, Site


class Audit(models.Model):
    """An audit of `enterprise` or of the department `unit`, over the days from `since` to `until`.

    `seed` drew the sample from the frame, once. `result` are the figures as they stood when the
    report was drawn up; `stated` what the audited said of it, once. `serial` counts the reports of
    a unit in a year.
    """

    id = id_field()
    place = place_field()
    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.PROTECT, null=True, related_name="audits"
    )
    unit = models.UUIDField(null=True, db_index=True)
    since = models.DateField()
    until = models.DateField()
    purpose = models.CharField(max_length=400)
    method = models.CharField(max_length=10)
    seed = models.CharField(max_length=64)
    by_unit = models.UUIDField(db_index=True)
    opened_at = models.DateTimeField()
    drawn_up_at = models.DateTimeField(null=True)
    drawn_up_by = models.UUIDField(null=True)
    opinion = models.TextField(blank=True)
    result = models.JSONField(null=True)
    issued_at = models.DateTimeField(null=True)
    issued_year = models.PositiveSmallIntegerField(null=True)
    serial = models.PositiveSmallIntegerField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    stated = models.TextField(blank=True)
    stated_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["by_unit", "issued_year", "serial"], name="one_report_of_a_serial"
            ),
            models.CheckConstraint(
                condition=models.Q(enterprise__isnull=True) ^ models.Q(unit__isnull=True),
                name="of_a_firm_or_of_a_department",
            ),
        ]
        indexes = [models.Index(fields=["place", "-opened_at", "id"], name="audits_of_place")]

    def __str__(self) -> str:
        return f"{self.enterprise_id or self.unit} {self.since}"


class Framed(models.Model):
    """A site of the frame 抽样框 as it was when the sample was drawn; `turn` counts the drawn.

    `why` says for what reason it is in the frame, `weight` follows from its colour and from when
    it was last checked. `not_seen` is why no working paper could be made. `hazards` and `agreed`
    are what the audit found there, and what of it the last self-check had said too.
    """

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="frame")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    called = models.CharField(max_length=200)
    place = place_field()
    colour = models.CharField(max_length=6)
    last_on = models.DateField(null=True)
    why = models.CharField(max_length=10)
    weight = models.PositiveSmallIntegerField()
    turn = models.PositiveSmallIntegerField(null=True)
    not_seen = models.CharField(max_length=200, blank=True)
    hazards = models.PositiveSmallIntegerField(default=0)
    agreed = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["audit", "site"], name="once_in_a_frame"),
        ]

    def __str__(self) -> str:
        return f"{self.called} {self.weight}"


class Finding(models.Model):
    """What an audit found 审计发现: an item not met, with the hazard's number, or how work went.

    `n` of `of` were so, where it was counted. What is to follow: `measure`, by the unit or post
    `whose`, until `due`; `done` is what became of it.
    """

    id = id_field()
    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="findings")
    kind = models.CharField(max_length=12)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, related_name="+")
    code = models.CharField(max_length=16, blank=True, db_collation="C")
    number = models.CharField(max_length=20, blank=True, db_collation="C")
    said = models.CharField(max_length=400, blank=True)
    n = models.PositiveIntegerField(null=True)
    of = models.PositiveIntegerField(null=True)
    measure = models.CharField(max_length=400, blank=True)
    whose = models.UUIDField(null=True)
    due = models.DateField(null=True)
    done = models.CharField(max_length=400, blank=True)
    done_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["audit", "kind", "site", "code"], name="found_once",
                condition=~models.Q(kind="other"), nulls_distinct=False,
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"


class AuditStep(models.Model):
    """Who did what in an audit, when 经过. Never changed."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="steps")
    what = models.CharField(max_length=12)
    at = models.DateTimeField()
    account = models.UUIDField()
    post = models.UUIDField()
    note = models.CharField(max_length=400, blank=True)

    def __str__(self) -> str:
        return f"{self.what} {self.at}"
