"""Registers of roads 道路台账: what there is at the roadside and who answers for it.

No personal data of the public stands here. What changes with time has from and to, so that history
stays true; nothing is deleted. Positions are WGS84, as (longitude, latitude).
"""

import uuid
from itertools import pairwise

from django.db import models

from gongzhi.places.distance import km


def _id() -> "models.UUIDField[uuid.UUID, uuid.UUID]":
    return models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)


class Road(models.Model):
    """A road 道路: its code is a class letter (G S X Y C) and a number, once in its `place`: the
    county for X Y C, the province for S and G."""

    id = _id()
    code = models.CharField(max_length=20, db_collation="C")
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    place = models.CharField(max_length=12, db_collation="C")
    about = models.CharField(max_length=400, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place", "code"], condition=models.Q(valid_to__isnull=True),
                name="one_road_of_a_code",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def grade(self) -> str:
        """G national 国道, S provincial 省道, X county 县道, Y township 乡道, C village 村道."""
        return self.code[:1]


class Section(models.Model):
    """A piece of a road 路段 within one village, from one stake 桩号 (km) to another.

    `line` is its way as [longitude, latitude] points, empty where nobody has measured it; the four
    bounds are kept beside it, so that a map reads what it shows.
    """

    id = _id()
    road = models.ForeignKey(Road, on_delete=models.PROTECT, related_name="sections")
    name = models.CharField(max_length=80)
    village = models.CharField(max_length=12, db_collation="C", db_index=True)
    from_km = models.FloatField()
    to_km = models.FloatField()
    line = models.JSONField(default=list)
    west = models.FloatField(null=True)
    south = models.FloatField(null=True)
    east = models.FloatField(null=True)
    north = models.FloatField(null=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    def __str__(self) -> str:
        return self.name

    @property
    def length_km(self) -> float:
        """Along its line where that was measured, else by its stakes."""
        along = sum(km((a, b), (c, d)) for (a, b), (c, d) in pairwise(self.line))
        return float(along or self.to_km - self.from_km)


class Point(models.Model):
    """A junction 路口, facility 设施 or risk point 风险点 at a road; `what` says which sort."""

    id = _id()
    road = models.ForeignKey(Road, on_delete=models.PROTECT, related_name="points")
    section = models.UUIDField(null=True, db_index=True)
    kind = models.CharField(max_length=10)
    what = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    longitude = models.FloatField()
    latitude = models.FloatField()
    note = models.CharField(max_length=400, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    def __str__(self) -> str:
        return self.name


class Charge(models.Model):
    """A road chief's stretch 路长责任: a post answers for a road, or for one section of it."""

    id = _id()
    post = models.UUIDField(db_index=True)
    road = models.ForeignKey(Road, on_delete=models.PROTECT, related_name="charges")
    section = models.UUIDField(null=True)
    held_from = models.DateField()
    held_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post", "road", "section"], condition=models.Q(held_to__isnull=True),
                nulls_distinct=False, name="in_charge_once_at_a_time",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.post} {self.road_id}"


class RegisterChange(models.Model):
    """Who changed what of the register when, each fact before and after 变更记录; `of` is the
    road's, `what` the changed row's. Never changed itself."""

    of = models.ForeignKey(Road, on_delete=models.PROTECT, related_name="changes")
    what = models.UUIDField()
    called = models.CharField(max_length=120)
    at = models.DateTimeField()
    account = models.UUIDField()
    post = models.UUIDField()
    facts = models.JSONField()

    def __str__(self) -> str:
        return f"{self.called} {self.at}"


class PatrolRule(models.Model):
    """How often roads of a class are patrolled by chiefs of a level 巡查频次, in some months.

    `grade` empty: all classes. Months run from `from_month` to `to_month`, over New Year too.
    Ended, never rewritten.
    """

    id = _id()
    place = models.CharField(max_length=12, db_collation="C")
    grade = models.CharField(max_length=1, blank=True)
    level = models.PositiveSmallIntegerField()
    from_month = models.PositiveSmallIntegerField(default=1)
    to_month = models.PositiveSmallIntegerField(default=12)
    every_days = models.PositiveSmallIntegerField()
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)
    account = models.UUIDField()
    post = models.UUIDField()

    def __str__(self) -> str:
        return f"{self.place} {self.grade} {self.level}"


class Patrol(models.Model):
    """A patrol 巡查 by a post, with what of its sections was covered; begun on a phone, perhaps
    without a signal, so its id is the phone's.

    `track` is the way as [longitude, latitude, seconds since the start], kept for a short while
    only to see what was covered: the patrol is looked at, not the person. `found` is how many
    hazards it met; `skew`, by how many seconds the phone's clock was behind ours.
    """

    id = models.UUIDField(primary_key=True)
    post = models.UUIDField(db_index=True)
    unit = models.UUIDField()
    place = models.CharField(max_length=12, db_collation="C")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    track = models.JSONField(default=list)
    note = models.CharField(max_length=400, blank=True)
    found = models.PositiveSmallIntegerField(default=0)
    skew = models.IntegerField(default=0)
    received_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["place", "started_at"], name="patrol_of_place")]

    def __str__(self) -> str:
        return f"{self.post} {self.started_at}"


class Covered(models.Model):
    """A section that a patrol covered, and how much of it (0 to 1)."""

    id = _id()
    patrol = models.ForeignKey(Patrol, on_delete=models.CASCADE, related_name="covered")
    section = models.UUIDField()
    on = models.DateField()
    share = models.FloatField()

    class Meta:
        verbose_name_plural = "covered"
        constraints = [
            models.UniqueConstraint(fields=["patrol", "section"], name="covered_once_a_patrol")
        ]
        indexes = [models.Index(fields=["section", "on"], name="covered_section")]

    def __str__(self) -> str:
        return f"{self.section} {self.on}"


class Stop(models.Model):
    """Where a patrol stopped 停留点, with a word of why."""

    id = models.UUIDField(primary_key=True)
    patrol = models.ForeignKey(Patrol, on_delete=models.CASCADE, related_name="stops")
    at = models.DateTimeField()
    longitude = models.FloatField()
    latitude = models.FloatField()
    note = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.patrol_id} {self.at}"


class Accident(models.Model):
    """A traffic accident 交通事故: where, when, how grave; counts of people, never who they are.

    It lies at a stake of a road (`km`), at a position, or both. `source` says who found it out;
    `loss_yuan` is the direct loss. `case` is the black spot it belongs to, `rescue` the call-out.
    What was entered by mistake is `void`: it stays, and counts nowhere.
    """

    id = _id()
    place = models.CharField(max_length=12, db_collation="C")
    road = models.ForeignKey(Road, null=True, on_delete=models.PROTECT, related_name="accidents")
    section = models.UUIDField(null=True)
    km = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=40)
    deaths = models.PositiveSmallIntegerField(default=0)
    injured = models.PositiveSmallIntegerField(default=0)
    loss_yuan = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    note = models.CharField(max_length=400, blank=True)
    source = models.CharField(max_length=80, blank=True)
    void = models.BooleanField(default=False)
    case = models.UUIDField(null=True, db_index=True)
    rescue = models.UUIDField(null=True, db_index=True)
    entered_by = models.UUIDField()
    entered_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["place", "at"], name="accident_of_place")]
        constraints = [
            models.CheckConstraint(
                name="accident_lies_somewhere",
                condition=models.Q(road__isnull=False, km__isnull=False)
                | models.Q(longitude__isnull=False, latitude__isnull=False),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.place} {self.at}"


class AccidentChange(models.Model):
    """A correction of an accident's record: who, when, each fact before and after; never changed
    itself."""

    id = _id()
    accident = models.ForeignKey(Accident, on_delete=models.PROTECT, related_name="changes")
    at = models.DateTimeField()
    account = models.UUIDField()
    post = models.UUIDField()
    facts = models.JSONField()

    def __str__(self) -> str:
        return f"{self.accident_id} {self.at}"
