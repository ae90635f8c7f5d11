"""Rounds 排查 and what places answered to them: registers, no ledger (docs/adr/0016).

No personal data of residents stands here, and nothing is deleted: whoever declared, answered or
corrected is kept. What a finding is about stands in its case alone.
"""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models


def _id() -> "models.UUIDField[uuid.UUID, uuid.UUID]":
    return models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)


class Round(models.Model):
    """A round 排查 that a unit declares over a place: what to look for, who answers, by when.

    Its turns are counted from the first one's days (turns.py); `over_on` is the last turn's last
    day. `level` is the level of the places that answer; `kinds` are kinds of posts.
    """

    id = _id()
    unit = models.UUIDField()
    post = models.UUIDField()
    account = models.UUIDField()
    declared_at = models.DateTimeField()
    place = models.CharField(max_length=12, db_collation="C", db_index=True)
    title = models.CharField(max_length=60)
    wanted = models.CharField(max_length=1000)  # a line for each thing to look for
    mechanism = models.CharField(max_length=40)
    category = models.CharField(max_length=40)
    kinds = ArrayField(models.CharField(max_length=40))
    level = models.PositiveSmallIntegerField()
    begins_on = models.DateField()
    ends_on = models.DateField()
    repeats = models.CharField(max_length=10)
    times = models.PositiveSmallIntegerField()
    over_on = models.DateField()
    alert = models.UUIDField(null=True, db_index=True)  # the pile alert that it was made from
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)  # a post

    def __str__(self) -> str:
        return self.title


class Answer(models.Model):
    """What one place answered in one turn 回报: nothing found (零报告), or so many cases.

    A correction is a row of its own; the one before it gets `replaced_at` and stays. `first_at` is
    when the place first answered, which a correction does not make later.
    """

    id = _id()
    of = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="answers")
    turn = models.PositiveSmallIntegerField()
    place = models.CharField(max_length=12, db_collation="C")
    post = models.UUIDField()
    account = models.UUIDField()
    at = models.DateTimeField()
    first_at = models.DateTimeField()
    found = models.PositiveSmallIntegerField()
    # Of the cases found; one that went past whoever wrote it down is counted and not named.
    numbers = ArrayField(models.CharField(max_length=20), default=list)
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["of", "turn", "place"],
                condition=models.Q(replaced_at__isnull=True),
                name="one_answer_of_a_place",
            )
        ]

    def __str__(self) -> str:
        return f"{self.of_id} {self.turn} {self.place}"
