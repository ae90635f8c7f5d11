"""Registers of the network 网点名册: facts about units and posts that no case has.

No personal data of parties stands here. What changes with time has from and to, so that history
stays true; nothing is deleted.
"""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models


def _id() -> "models.UUIDField[uuid.UUID, uuid.UUID]":
    return models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)


class Site(models.Model):
    """Where people find a unit 网点: station, contact point, studio, committee, office, court.

    `hours` are lines of (weekday 1 to 7, from "HH:MM", to "HH:MM"). `located` says how exactly the
    coordinates (WGS84) are known: "surveyed" or "town" (the seat of its town).
    """

    unit = models.UUIDField(primary_key=True)
    address = models.CharField(max_length=200, blank=True)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    located = models.CharField(max_length=10, default="town")
    hours = models.JSONField(default=list)
    services = ArrayField(models.CharField(max_length=40), default=list)
    named_after = models.UUIDField(null=True)  # the post of the mediator whose name a studio bears
    about = models.CharField(max_length=400, blank=True)
    opened_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)

    def __str__(self) -> str:
        return str(self.unit)


class Served(models.Model):
    """A village that a contact point serves 联系村, from one day to another."""

    id = _id()
    unit = models.UUIDField(db_index=True)
    village = models.CharField(max_length=12, db_collation="C", db_index=True)
    served_from = models.DateField()
    served_to = models.DateField(null=True)

    class Meta:
        verbose_name_plural = "served"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "village"],
                condition=models.Q(served_to__isnull=True),
                name="served_once_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.village}"


class Room(models.Model):
    """A room of a unit in which sessions are held 调解室."""

    id = _id()
    unit = models.UUIDField(db_index=True)
    name = models.CharField(max_length=60)
    closed_on = models.DateField(null=True)

    def __str__(self) -> str:
        return self.name


class Mediator(models.Model):
    """What is told of a mediator 调解员 so that parties can choose: of the post, not the person.

    `skills` are dispute types, `languages` as people say them (普通话, 粤语, 客家话).
    """

    post = models.UUIDField(primary_key=True)
    skills = ArrayField(models.CharField(max_length=40), default=list)
    languages = ArrayField(models.CharField(max_length=20), default=list)
    since = models.PositiveSmallIntegerField(null=True)  # the year in which they began
    about = models.CharField(max_length=400, blank=True)

    def __str__(self) -> str:
        return str(self.post)


class Visit(models.Model):
    """A judge's visit day at a contact point 法官驻点日."""

    id = _id()
    unit = models.UUIDField()
    judge = models.UUIDField()  # a post
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["unit", "begins_at"], name="visit_of_unit"),
                   models.Index(fields=["judge", "begins_at"], name="visit_of_judge")]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.unit} {self.begins_at}"


class FeedKey(models.Model):
    """The secret address under which a post's diary can be subscribed to; only its digest is kept.

    Of one person in one post: whoever follows in the post makes a new one.
    """

    post = models.UUIDField(primary_key=True)
    account = models.UUIDField()
    digest = models.BinaryField(unique=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.post)


class Lecture(models.Model):
    """A law lecture 普法讲座 held at a site, perhaps on a visit day; photos lie in the store."""

    id = _id()
    unit = models.UUIDField(db_index=True)
    visit = models.ForeignKey(Visit, null=True, on_delete=models.PROTECT, related_name="lectures")
    topic = models.CharField(max_length=120)
    held_at = models.DateTimeField()
    attendance = models.PositiveIntegerField()
    photos = ArrayField(models.CharField(max_length=64), default=list)
    by = models.UUIDField()  # the post that entered it

    def __str__(self) -> str:
        return self.topic
