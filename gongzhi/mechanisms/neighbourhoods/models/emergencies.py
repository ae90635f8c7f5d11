"""Emergency mode 战斗状态: who answers the call, what each building needs, what it was given.

For a scope, a reason and a time. Words about households are sealed and erased on their date.
"""

from django.db import models

from gongzhi.mechanisms.neighbourhoods.models.columns import id_field, place_field
from gongzhi.mechanisms.neighbourhoods.models.register import Building, Household


class Emergency(models.Model):
    """An emergency of a place, from its activation to its end 战斗状态.

    `report` are the figures of the after-action report; personal data go on `erase_on`.
    """

    id = id_field()
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=80)
    place = place_field()
    reason = models.CharField(max_length=400)
    unit = models.UUIDField()
    account = models.UUIDField()
    post = models.UUIDField()
    started_at = models.DateTimeField()
    ends_on = models.DateField()
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=400, blank=True)
    report = models.JSONField(null=True)
    erase_on = models.DateField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "emergencies"
        indexes = [models.Index(fields=["place", "started_at"], name="emergency_of_place")]

    def __str__(self) -> str:
        return self.name


class Affected(models.Model):
    """A building of an emergency, with its figures, counted as things happen 受影响楼栋."""

    pk = models.CompositePrimaryKey("emergency_id", "building_id")
    emergency = models.ForeignKey(Emergency, on_delete=models.PROTECT, related_name="affected")
    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="+")
    community = place_field()
    households = models.PositiveIntegerField(default=0)
    registered = models.PositiveIntegerField(default=0)
    needs = models.PositiveIntegerField(default=0)
    served = models.PositiveIntegerField(default=0)
    errands = models.PositiveIntegerField(default=0)
    errands_done = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "affected"

    def __str__(self) -> str:
        return f"{self.emergency_id} {self.building_id}"


class RollCall(models.Model):
    """A call to all chiefs of an emergency 点名: who does not answer by `due_at` is deputised."""

    id = id_field()
    emergency = models.ForeignKey(Emergency, on_delete=models.PROTECT, related_name="roll_calls")
    called_at = models.DateTimeField()
    due_at = models.DateTimeField()
    account = models.UUIDField()
    post = models.UUIDField()

    def __str__(self) -> str:
        return f"{self.emergency_id} {self.called_at}"


class Called(models.Model):
    """One post called for one building: the chief (`deputy` 0), then the deputies in order."""

    id = id_field()
    roll_call = models.ForeignKey(RollCall, on_delete=models.PROTECT, related_name="called")
    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="+")
    post = models.UUIDField(null=True, db_index=True)
    deputy = models.PositiveSmallIntegerField(default=0)
    called_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    missed_at = models.DateTimeField(null=True)
    appointment = models.UUIDField(null=True)

    class Meta:
        verbose_name_plural = "called"
        constraints = [
            models.UniqueConstraint(
                fields=["roll_call", "building", "deputy"], name="called_once_in_turn"
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(answered_at__isnull=True, missed_at__isnull=True),
                name="called_and_silent",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.roll_call_id} {self.post}"


class Errand(models.Model):
    """Something to be done in a building 楼栋任务."""

    id = id_field()
    emergency = models.ForeignKey(Emergency, on_delete=models.PROTECT, related_name="errands")
    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=120)
    due_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.UUIDField(null=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["emergency", "building"], name="errand_of_building")]

    def __str__(self) -> str:
        return self.what


class Need(models.Model):
    """What a household needs 住户需求; `note` is sealed, and erased with the emergency."""

    id = id_field()
    emergency = models.ForeignKey(Emergency, on_delete=models.PROTECT, related_name="needs")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="+")
    place = place_field()
    team = models.UUIDField()
    kind = models.CharField(max_length=20)
    note = models.BinaryField(null=True)
    made_at = models.DateTimeField()
    served_at = models.DateTimeField(null=True)
    served_by = models.UUIDField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["emergency", "building"], name="need_of_building")]

    def __str__(self) -> str:
        return f"{self.emergency_id} {self.kind}"


class Supply(models.Model):
    """A thing there is some of 物资, in its measure; `left` is kept with each movement."""

    id = id_field()
    emergency = models.ForeignKey(Emergency, on_delete=models.PROTECT, related_name="supplies")
    name = models.CharField(max_length=40)
    measure = models.CharField(max_length=10)
    left = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "supplies"
        constraints = [
            models.UniqueConstraint(fields=["emergency", "name"], name="one_supply_of_a_name")
        ]

    def __str__(self) -> str:
        return self.name


class Movement(models.Model):
    """Supplies that came in (n above zero) or went to a building (below) 出入库. Never changed."""

    id = id_field()
    supply = models.ForeignKey(Supply, on_delete=models.PROTECT, related_name="movements")
    n = models.IntegerField()
    building = models.ForeignKey(Building, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    post = models.UUIDField()
    note = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return f"{self.supply_id} {self.n}"


class Shift(models.Model):
    """Who is on duty where from when to when 值班."""

    id = id_field()
    emergency = models.ForeignKey(Emergency, on_delete=models.PROTECT, related_name="shifts")
    building = models.ForeignKey(Building, null=True, on_delete=models.PROTECT, related_name="+")
    spot = models.CharField(max_length=80)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField()
    post = models.UUIDField()

    def __str__(self) -> str:
        return f"{self.spot} {self.from_at}"


class EmergencyEntry(models.Model):
    """What was done in an emergency, by whom 行动记录: numbers and posts, no words about
    residents. Never changed."""

    emergency = models.ForeignKey(Emergency, on_delete=models.PROTECT, related_name="entries")
    at = models.DateTimeField()
    account = models.UUIDField(null=True)
    post = models.UUIDField(null=True)
    what = models.CharField(max_length=30)
    facts = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "emergency entries"
        indexes = [models.Index(fields=["emergency", "at"], name="entry_of_emergency")]

    def __str__(self) -> str:
        return f"{self.what} {self.at}"
