"""What was watched for piles each week, what stood out, and what leaders said to it.

Registers, no ledger (docs/adr/0016). Counts of places and kinds of matter alone; nothing of a case
and nothing of a person but who marked what.
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
    `year_ago` is the same week of the year before.
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
