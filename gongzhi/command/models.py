"""What was watched for piles each week, what stood out, and reports; and what leaders said to them.

Registers, no ledger (docs/adr/0016). Counts of places and kinds of matter alone; nothing of a case
and nothing of a person but who said what, and who wants a report by mail.
"""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models


def _id() -> "models.UUIDField[uuid.UUID, uuid.UUID]":
    return models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)


class Watch(models.Model):
    """One week of one city looked through: how many series were judged, at which rate each, and
    how many had too short a history to be."""

    id = _id()
    city = models.CharField(max_length=4, db_collation="C")
    week = models.DateField()  # its Monday
    series = models.PositiveIntegerField()
    short = models.PositiveIntegerField()
    rate = models.FloatField()
    numbers = models.JSONField()  # the parameters that held
    made_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "watches"
        constraints = [models.UniqueConstraint(fields=["city", "week"], name="one_watch_of_a_week")]

    def __str__(self) -> str:
        return f"{self.city} {self.week}"


class Alert(models.Model):
    """A series that stood out in a week, with all that it was judged by.

    `category` is empty for all of a mechanism together; `recent` are the last weeks, this one last;
    `year_ago` is the same week of the year before. Of a share, `n` and all others are of those that
    ended late, and `ended` and all like it are out of how many.
    """

    id = _id()
    watch = models.ForeignKey(Watch, on_delete=models.PROTECT, related_name="alerts")
    place = models.CharField(max_length=12, db_collation="C", db_index=True)
    mechanism = models.CharField(max_length=40)
    category = models.CharField(max_length=40, blank=True)
    measure = models.CharField(max_length=10)
    n = models.PositiveIntegerField()
    expected = models.FloatField()
    low = models.PositiveIntegerField()
    high = models.PositiveIntegerField()
    limit = models.PositiveIntegerField()
    p = models.FloatField()
    dispersion = models.FloatField()
    weeks = models.PositiveSmallIntegerField()
    recent = ArrayField(models.PositiveIntegerField())
    year_ago = models.PositiveIntegerField(null=True)
    ended = models.PositiveIntegerField(null=True)
    ended_before = models.PositiveIntegerField(null=True)
    ended_recent = ArrayField(models.PositiveIntegerField(), default=list)
    ended_year_ago = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["watch", "place", "mechanism", "category", "measure"],
                name="one_alert_of_a_series",
            )
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.mechanism} {self.category} {self.n}"


class Mark(models.Model):
    """That a unit has seen an alert, or has done something about it, and what. Never changed."""

    id = _id()
    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="marks")
    kind = models.CharField(max_length=10)
    words = models.CharField(max_length=500, blank=True)
    unit = models.UUIDField()
    post = models.UUIDField()
    account = models.UUIDField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.alert_id} {self.kind}"


class Report(models.Model):
    """The week or month of a place that is over 周报、月报, in figures as they stood when it was
    made. Never changed."""

    id = _id()
    place = models.CharField(max_length=9, db_collation="C")
    kind = models.CharField(max_length=5)
    since = models.DateField()
    until = models.DateField()  # the day after its last
    figures = models.JSONField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "kind", "since"], name="one_report_of_a_span")
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.kind} {self.since}"


class Remark(models.Model):
    """Words that a leader has added to a report 批注. Never changed; another may follow."""

    id = _id()
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="remarks")
    words = models.CharField(max_length=1000)
    account = models.UUIDField()
    post = models.UUIDField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.report_id)


class Subscription(models.Model):
    """That a leader wants the reports of a place at a mailbox of their own 订阅, until ended."""

    id = _id()
    place = models.CharField(max_length=9, db_collation="C")
    kind = models.CharField(max_length=5)
    outlet = models.ForeignKey("notices.Outlet", on_delete=models.PROTECT, related_name="+")
    account = models.UUIDField()
    post = models.UUIDField()
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place", "kind", "outlet", "post"],
                condition=models.Q(ended_at__isnull=True),
                name="one_subscription_of_a_mailbox",
            )
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.kind}"


class Sending(models.Model):
    """A report on its way to who has subscribed to it."""

    id = _id()
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="sendings")
    subscription = models.ForeignKey(
        Subscription, on_delete=models.PROTECT, related_name="sendings"
    )
    made_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_at"], condition=models.Q(next_at__isnull=False), name="sending_due"
            )
        ]
        constraints = [models.UniqueConstraint(fields=["report", "subscription"], name="sent_once")]

    def __str__(self) -> str:
        return f"{self.report_id} {self.subscription_id}"
