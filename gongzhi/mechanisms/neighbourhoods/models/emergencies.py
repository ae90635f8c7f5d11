"""Emergency mode 战斗状态: who answers the call, what each building needs, what it was given.

For a scope, a reason and a time. Words about households are sealed and erased on their date.
"""

from django.contrib.postgres.fields import ArrayField
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
        constraints = [
            models.UniqueConstraint(
                fields=["place", "kind"], condition=models.Q(ended_at__isnull=True),
                name="one_emergency_of_a_kind",
            )
        ]  # fmt: skip

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


class RollTally(models.Model):
    """How a roll call stands in a community, in buildings, counted as answers come 点名计数.

    A building is with its chief (`answered`), with who took over (`acting`), still `waiting`, or
    has nobody left (`gaps`). `times` are all answers by how long they took (roll_calls.EDGES).
    """

    pk = models.CompositePrimaryKey("roll_call_id", "community")
    roll_call = models.ForeignKey(RollCall, on_delete=models.PROTECT, related_name="tallies")
    community = place_field()
    buildings = models.PositiveIntegerField()
    answered = models.PositiveIntegerField(default=0)
    acting = models.PositiveIntegerField(default=0)
    waiting = models.PositiveIntegerField()
    gaps = models.PositiveIntegerField()
    times = ArrayField(models.PositiveIntegerField())

    class Meta:
        verbose_name_plural = "tallies"

    def __str__(self) -> str:
        return f"{self.roll_call_id} {self.community}"


OPEN_CALL = models.Q(answered_at__isnull=True, missed_at__isnull=True, withdrawn_at__isnull=True)


class Called(models.Model):
    """One post called for one building: the chief (`deputy` 0, of whom there is always a row), then
    who follows in order, grid heads last (`rung`).

    `missed_at`: silent when the time was over, or nobody holds the post. `withdrawn_at`: it was no
    longer asked for. `appointment`: the deputy's, in the chief's post, for the emergency's time.
    """

    id = id_field()
    roll_call = models.ForeignKey(RollCall, on_delete=models.PROTECT, related_name="called")
    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="+")
    post = models.UUIDField(null=True)
    deputy = models.PositiveSmallIntegerField(default=0)
    rung = models.CharField(max_length=20)
    called_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    missed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    appointment = models.UUIDField(null=True)

    class Meta:
        verbose_name_plural = "called"
        constraints = [
            models.UniqueConstraint(
                fields=["roll_call", "building", "deputy"], name="called_once_in_turn"
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=OPEN_CALL, name="called_and_silent"),
            models.Index(fields=["post"], condition=OPEN_CALL, name="called_post"),
            models.Index(fields=["roll_call", "post"], name="called_in_roll_call"),
        ]

    def __str__(self) -> str:
        return f"{self.roll_call_id} {self.post}"


class Summons(models.Model):
    """A call on its way to an outlet of whoever is called 呼叫; `error` is a word, never what a
    server said. Tried until the call is over, and no longer than that."""

    id = models.BigAutoField(primary_key=True)
    called = models.ForeignKey(Called, on_delete=models.PROTECT, related_name="summons")
    outlet = models.UUIDField()
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name_plural = "summons"
        indexes = [
            models.Index(
                fields=["next_at"], condition=models.Q(next_at__isnull=False), name="summons_due"
            )
        ]

    def __str__(self) -> str:
        return f"{self.called_id} {self.outlet}"


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
    """What a household needs 住户需求, or that it needs nothing (`well`).

    `note` is sealed; it goes with `household` and `served_with` when the emergency is erased.
    Written by functions of the database alone (migrations/emergency.sql).
    """

    written_by_door = True

    id = id_field()
    emergency = models.ForeignKey(Emergency, on_delete=models.PROTECT, related_name="needs")
    household = models.ForeignKey(Household, null=True, on_delete=models.PROTECT, related_name="+")
    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="+")
    place = place_field()
    team = models.UUIDField()
    kind = models.CharField(max_length=20)
    note = models.BinaryField(null=True)
    made_at = models.DateTimeField()
    served_at = models.DateTimeField(null=True)
    served_by = models.UUIDField(null=True)
    served_with = models.CharField(max_length=80, blank=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["emergency", "household", "kind"],
                condition=models.Q(served_at__isnull=True), name="one_open_need_of_a_kind",
            )
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["emergency", "building"], name="need_of_building"),
            models.Index(fields=["emergency", "household"], name="need_of_household"),
            models.Index(
                fields=["emergency", "place", "made_at", "id"],
                condition=models.Q(served_at__isnull=True), name="need_open",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.emergency_id} {self.kind}"


class Asked(models.Model):
    """How many needs of a kind there were in a community, and how many were met: counted with each,
    and what remains when the needs' words are gone 需求计数."""

    pk = models.CompositePrimaryKey("emergency_id", "community", "kind")
    emergency = models.ForeignKey(Emergency, on_delete=models.PROTECT, related_name="asked")
    community = place_field()
    kind = models.CharField(max_length=20)
    n = models.PositiveIntegerField(default=0)
    served = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "asked"

    def __str__(self) -> str:
        return f"{self.emergency_id} {self.community} {self.kind}"


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
