"""The responsibility list 责任清单: who leads and who helps, for a matter, at a level of a place.

Rows are ended and succeeded, never rewritten: what was the rule on a day stays known.
"""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Duty(models.Model):
    """One row: for a mechanism and a category (empty: all of it), at one of the five levels, in a
    place and below it. `lead` and `helpers` are kinds of units, found where the matter lies;
    `basis` is the law or document it rests on.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mechanism = models.CharField(max_length=40)
    category = models.CharField(max_length=40, blank=True)
    level = models.PositiveSmallIntegerField()
    place = models.CharField(max_length=12, db_collation="C")
    lead = models.CharField(max_length=40)
    lead_unit = models.UUIDField(null=True)
    helpers = ArrayField(models.CharField(max_length=40), default=list)
    basis = models.CharField(max_length=300)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    account = models.UUIDField()
    post = models.UUIDField()
    entered_at = models.DateTimeField()

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
