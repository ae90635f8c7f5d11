"""The tables beside the ledger: what a city sets by pages, and what a person keeps for themselves.

No case stands here. What changes with time has from and to, and is ended rather than rewritten.
"""

import uuid

from django.db import models


class CalendarDay(models.Model):
    """A day that a city adds to the working-day calendar 工作日历."""

    date = models.DateField(primary_key=True)
    working = models.BooleanField()
    note = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        return str(self.date)


class Category(models.Model):
    """A kind of matter 类别 as this city changed or added it; without a row it is as declared.

    `follows` names the declared category whose clocks and rules an added one has. Never deleted.
    """

    pk = models.CompositePrimaryKey("mechanism", "name")
    mechanism = models.CharField(max_length=40)
    name = models.CharField(max_length=40)
    label = models.CharField(max_length=40)
    label_en = models.CharField(max_length=80, blank=True)
    code = models.CharField(max_length=20, blank=True)
    follows = models.CharField(max_length=40, blank=True)
    order = models.PositiveSmallIntegerField()
    in_use = models.BooleanField(default=True)

    class Meta:
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return self.label


class Parameter(models.Model):
    """A number as a place has set it from a day on 参数, with the document it rests on; `of` says
    whose it is. Without a row the default holds (parameters.py)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    of = models.CharField(max_length=20)
    place = models.CharField(max_length=12, db_collation="C")
    name = models.CharField(max_length=40)
    n = models.PositiveIntegerField()
    source = models.CharField(max_length=200)
    valid_from = models.DateField()
    account = models.UUIDField()
    post = models.UUIDField()
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["of", "place", "name", "valid_from"], name="one_parameter_from_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.name} {self.valid_from}"


class CategoryChange(models.Model):
    """Who changed a kind of matter, when, and each fact before and after; never changed itself."""

    mechanism = models.CharField(max_length=40, db_index=True)
    name = models.CharField(max_length=40)
    at = models.DateTimeField()
    account = models.UUIDField()
    post = models.UUIDField()
    facts = models.JSONField()

    def __str__(self) -> str:
        return f"{self.name} {self.at}"


class SavedFilter(models.Model):
    """A filter of a worklist that a person keeps 常用筛选."""

    account = models.UUIDField(db_index=True)
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=500)

    def __str__(self) -> str:
        return self.name


class FallbackRule(models.Model):
    """When what is overdue goes up by itself 逐级兜底, for some place, mechanism, clock and level.

    Empty means all. `remind_after`: working days late until the holder is reminded; `up_after`:
    working days after the reminder until the case goes up. Ended, never rewritten.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    place = models.CharField(max_length=12, db_collation="C")
    mechanism = models.CharField(max_length=40, blank=True)
    clock = models.CharField(max_length=40, blank=True)
    level = models.CharField(max_length=10, blank=True)
    remind_after = models.PositiveSmallIntegerField()
    up_after = models.PositiveSmallIntegerField()
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)
    account = models.UUIDField()
    post = models.UUIDField()
    ended_by = models.UUIDField(null=True)

    def __str__(self) -> str:
        return f"{self.place} {self.mechanism} {self.clock} {self.level}"


class Limit(models.Model):
    """A clock's period as the city has set it from a day on 期限; before and without it, declared.

    `unit` is one of declare.Unit. A running clock keeps the due time it began with.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mechanism = models.CharField(max_length=40, blank=True)
    clock = models.CharField(max_length=40)
    n = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=16)
    law = models.CharField(max_length=200)
    valid_from = models.DateField()
    account = models.UUIDField()
    post = models.UUIDField()
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mechanism", "clock", "valid_from"], name="one_limit_from_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.mechanism} {self.clock} {self.valid_from}"
