"""The responsibility list 责任清单: who leads and who helps, for a matter, at a level of a place.

Rows are ended and succeeded, never rewritten: what was the rule on a day stays known.
"""

import uuid

from django.db import models

from gongzhi.networks.responsibility.lines import Line, LinesField


class Duty(models.Model):
    """One row, the list of one matter: for a mechanism and a category (empty: all of it), at one of
    the five levels, in a place and below it.

    A draft 草案 is one that nobody has confirmed: it is proposed, and decides nothing by itself.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mechanism = models.CharField(max_length=40)
    category = models.CharField(max_length=40, blank=True)
    level = models.PositiveSmallIntegerField()
    place = models.CharField(max_length=12, db_collation="C")
    lines = LinesField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    entered_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    account = models.UUIDField(null=True)
    post = models.UUIDField(null=True)

    class Meta:
        verbose_name_plural = "duties"
        constraints = [
            models.UniqueConstraint(
                fields=["mechanism", "category", "level", "place"],
                condition=models.Q(valid_to__isnull=True),
                name="one_duty_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.mechanism} {self.category} {self.level} {self.place}"

    @property
    def draft(self) -> bool:
        return self.confirmed_at is None

    @property
    def lead(self) -> Line:
        found: Line = next(line for line in self.lines if line.leads)
        return found

    @property
    def helpers(self) -> list[Line]:
        return [line for line in self.lines if not line.leads]
