"""Community 社区 → grid 网格 → building 楼栋 → unit 单元 → dwelling 住户门牌 → household 户.

The community is a division of the fifth level. No person stands here: a household is a door, and
how many live behind it if they said so.
"""

from django.db import models

from gongzhi.mechanisms.neighbourhoods.models.columns import id_field, place_field


class Grid(models.Model):
    """A piece of a community 网格."""

    id = id_field()
    community = place_field()
    code = models.CharField(max_length=20, db_collation="C")
    name = models.CharField(max_length=80)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community", "code"], condition=models.Q(valid_to__isnull=True),
                name="one_grid_of_a_code",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class Building(models.Model):
    """A building 楼栋. `team` is the unit of its chief and deputies (楼栋邻里先锋队), which takes
    the requests of its residents in; `households` counts those that live there now."""

    id = id_field()
    community = place_field()
    grid = models.ForeignKey(Grid, on_delete=models.PROTECT, related_name="buildings")
    code = models.CharField(max_length=20, db_collation="C")
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    address = models.CharField(max_length=120, blank=True)
    storeys = models.PositiveSmallIntegerField(null=True)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    team = models.UUIDField()
    households = models.PositiveIntegerField(default=0)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community", "code"], condition=models.Q(valid_to__isnull=True),
                name="one_building_of_a_code",
            )
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["community", "code"], name="building_of_community"),
            models.Index(fields=["team"], name="building_of_team"),
        ]

    def __str__(self) -> str:
        return self.name


class Dwelling(models.Model):
    """A door 门牌: a room of a unit 单元 (a staircase, where the building has several)."""

    id = id_field()
    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="dwellings")
    stair = models.CharField(max_length=20, blank=True)
    storey = models.SmallIntegerField(null=True)
    room = models.CharField(max_length=20)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["building", "stair", "room"], condition=models.Q(valid_to__isnull=True),
                name="one_dwelling_of_a_number",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.stair} {self.room}".strip()


class Household(models.Model):
    """Who lives behind a door 户, as one: never who they are. `people`: how many, if they said.

    `key` stands in the household's own link and slip: with it the household reads and confirms
    notices and registers. A household that moves in gets a new one.
    """

    id = id_field()
    dwelling = models.ForeignKey(Dwelling, on_delete=models.PROTECT, related_name="households")
    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="+")
    community = place_field()
    key = models.CharField(max_length=16, unique=True, db_collation="C")
    people = models.PositiveSmallIntegerField(null=True)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dwelling"], condition=models.Q(until__isnull=True),
                name="one_household_of_a_dwelling",
            )
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["building"], name="household_of_building"),
            models.Index(fields=["community"], name="household_of_community"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Charge(models.Model):
    """A rung of the six-level team 六级邻里先锋队: a post answers for a community, a grid of it or
    a building of it. `deputy` 0 is who is in charge; 1, 2 … step in, in this order."""

    id = id_field()
    rung = models.CharField(max_length=20)
    post = models.UUIDField(db_index=True)
    community = place_field()
    grid = models.ForeignKey(Grid, null=True, on_delete=models.PROTECT, related_name="charges")
    building = models.ForeignKey(
        Building, null=True, on_delete=models.PROTECT, related_name="charges"
    )
    deputy = models.PositiveSmallIntegerField(default=0)
    held_from = models.DateField()
    held_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post", "rung", "community", "grid", "building"],
                condition=models.Q(held_to__isnull=True), nulls_distinct=False,
                name="answers_once_at_a_time",
            )
        ]  # fmt: skip
        indexes = [models.Index(fields=["community", "rung"], name="charge_of_community")]

    def __str__(self) -> str:
        return f"{self.rung} {self.post}"


class Tally(models.Model):
    """What there is in a community now, counted as it changes: see registers/counts.py."""

    community = models.CharField(max_length=12, primary_key=True, db_collation="C")
    grids = models.PositiveIntegerField(default=0)
    buildings = models.PositiveIntegerField(default=0)
    dwellings = models.PositiveIntegerField(default=0)
    households = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "tallies"

    def __str__(self) -> str:
        return f"{self.community} {self.buildings} {self.households}"


class Workbook(models.Model):
    """A file that was looked at and is not entered yet: only its post finds it, for a day."""

    id = id_field()
    post = models.UUIDField()
    at = models.DateTimeField()
    content = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="workbook_by_age")]

    def __str__(self) -> str:
        return str(self.id)


class RegisterChange(models.Model):
    """Who changed what of the register when, each fact before and after 变更记录; `what` is the
    changed row's id. Never changed itself."""

    community = place_field()
    what = models.UUIDField(db_index=True)
    called = models.CharField(max_length=120)
    at = models.DateTimeField()
    account = models.UUIDField()
    post = models.UUIDField()
    facts = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["community", "at"], name="change_of_community")]

    def __str__(self) -> str:
        return f"{self.called} {self.at}"
