"""The counters that deltas are folded into, of the five levels: stocks, days, months (ADR 30)."""

from typing import ClassVar

from django.db import models


class Counted(models.Model):
    """A figure of a place at one of the five levels 汇总."""

    place = models.CharField(max_length=12, db_collation="C")
    mechanism = models.CharField(max_length=40)
    figure = models.CharField(max_length=100, db_collation="C")
    n = models.BigIntegerField()

    written_by_door: ClassVar[bool] = True

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.place} {self.figure} {self.n}"


class Stock(Counted):
    """How much of something a place has now 存量."""

    pk = models.CompositePrimaryKey("place", "figure", "mechanism")


class Daily(Counted):
    """What happened in a place on a day 流量."""

    # Month first: what is written stands together however many years there are.
    pk = models.CompositePrimaryKey("month", "place", "figure", "day", "mechanism")
    month = models.CharField(max_length=7, db_collation="C")
    day = models.DateField()

    class Meta:
        verbose_name_plural = "daily"


class Monthly(Counted):
    """What happened in a place in a month (2026-11): years are read as twelve rows each. Holds the
    days that are over, until `AddedUp`."""

    pk = models.CompositePrimaryKey("month", "place", "figure", "mechanism")
    month = models.CharField(max_length=7, db_collation="C")

    class Meta:
        verbose_name_plural = "monthly"


class AddedUp(models.Model):
    """The day before which days are added to their months; the only row."""

    until = models.DateField()

    written_by_door: ClassVar[bool] = True

    class Meta:
        verbose_name_plural = "added up"

    def __str__(self) -> str:
        return f"{self.until}"
