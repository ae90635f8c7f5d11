"""Registers of joint meetings 联席会议: when, who, and which cases are on the agenda.

What was decided on a case stands in that case's ledger, sealed like all words; here only that the
case was on the agenda. So the minutes show each reader the lines they may see.
"""

import uuid

from django.db import models


class Meeting(models.Model):
    """A joint meeting that one unit convenes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.UUIDField(db_index=True)
    title = models.CharField(max_length=120)
    begins_at = models.DateTimeField()
    where = models.CharField(max_length=120)
    by = models.UUIDField()
    planned_at = models.DateTimeField()
    alert = models.UUIDField(null=True, db_index=True)  # the pile alert that it was made from
    held_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.title


class Seat(models.Model):
    """A unit that is asked to a meeting, and whether it came."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="seats")
    unit = models.UUIDField(db_index=True)
    came = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "unit"], name="one_seat_for_a_unit")
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.unit}"


class Line(models.Model):
    """A line of the agenda 议题: one case. No foreign key, as nothing outside refers to a case."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="lines")
    n = models.PositiveSmallIntegerField()
    of_county = models.CharField(max_length=6, db_collation="C")
    of_case = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "of_case"], name="once_on_an_agenda")
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.n}"
