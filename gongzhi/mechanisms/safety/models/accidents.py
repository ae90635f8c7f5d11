"""Accidents of work safety 生产安全事故, how soon they were reported up, and monthly reports.

Of people only how many; nothing about who they are.
"""

from django.db import models

from gongzhi.mechanisms.safety.models.columns import id_field, place_field
from gongzhi.mechanisms.safety.models.register import Enterprise, Site


class Accident(models.Model):
    """An accident 生产安全事故: at a site, or where that is not known in a place and of a firm.

    `grade` is the class by law, of deaths, serious injuries and loss; `group` the part of the
    catalogue that it is about, where somebody has said so. `known_at`: when the firm knew.
    """

    id = id_field()
    place = place_field()
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, related_name="accidents")
    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.PROTECT, null=True, related_name="accidents"
    )
    industry = models.CharField(max_length=3, db_collation="C")
    kind = models.CharField(max_length=20)
    group = models.CharField(max_length=20, blank=True)
    at = models.DateTimeField()
    known_at = models.DateTimeField(null=True)
    deaths = models.PositiveSmallIntegerField()
    injured = models.PositiveSmallIntegerField()
    loss_yuan = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    grade = models.CharField(max_length=10)
    how = models.CharField(max_length=1000, blank=True)
    # Entered by mistake or twice: it stays to be read, and counts no more.
    void = models.BooleanField(default=False)
    account = models.UUIDField()
    post = models.UUIDField()
    entered_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["place", "-at", "-id"], name="safety_accident_of_place")]

    def __str__(self) -> str:
        return f"{self.place} {self.at:%Y-%m-%d}"


class AccidentChange(models.Model):
    """What was corrected, when, by whom and why: each fact before and after. Never changed."""

    accident = models.ForeignKey(Accident, on_delete=models.CASCADE, related_name="changes")
    at = models.DateTimeField()
    account = models.UUIDField()
    post = models.UUIDField()
    reason = models.CharField(max_length=200)
    facts = models.JSONField()

    def __str__(self) -> str:
        return f"{self.accident_id} {self.at}"


class AccidentReport(models.Model):
    """When an accident was reported to a level 事故上报; one time for each."""

    id = id_field()
    accident = models.ForeignKey(Accident, on_delete=models.CASCADE, related_name="reports")
    to = models.CharField(max_length=10)
    at = models.DateTimeField()
    account = models.UUIDField()
    post = models.UUIDField()
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["accident", "to"], name="one_report_to_a_level")
        ]

    def __str__(self) -> str:
        return f"{self.accident_id} {self.to}"


class Connection(models.Model):
    """Whether a hazard known before is connected with an accident, as an official says and why
    是否早有隐患. Never changed: the last word of each hazard counts."""

    id = id_field()
    accident = models.ForeignKey(Accident, on_delete=models.CASCADE, related_name="connections")
    number = models.CharField(max_length=20, db_collation="C")
    connected = models.BooleanField()
    reason = models.CharField(max_length=400)
    at = models.DateTimeField()
    account = models.UUIDField()
    post = models.UUIDField()

    def __str__(self) -> str:
        return f"{self.accident_id} {self.number}"


class MonthlyReport(models.Model):
    """The monthly report of a place 安全生产月报, its figures as they stood when it was made.

    Made anew it is another row, and the newest is read; nobody's (`account` empty) is the worker's.
    """

    id = id_field()
    place = place_field()
    month = models.CharField(max_length=7, db_collation="C")
    figures = models.JSONField()
    made_at = models.DateTimeField()
    account = models.UUIDField(null=True)
    post = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["place", "month", "-made_at"], name="monthly_of_place")]

    def __str__(self) -> str:
        return f"{self.place} {self.month}"


class Remark(models.Model):
    """What a leader adds to the report of a month 领导批注. Never changed: the newest is shown."""

    id = id_field()
    place = place_field()
    month = models.CharField(max_length=7, db_collation="C")
    words = models.CharField(max_length=1000)
    at = models.DateTimeField()
    account = models.UUIDField()
    post = models.UUIDField()

    class Meta:
        indexes = [models.Index(fields=["place", "month", "-at"], name="remark_of_month")]

    def __str__(self) -> str:
        return f"{self.place} {self.month}"
