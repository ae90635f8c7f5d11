"""The tables of the kernel: tables only, no rules.

The application reads them, within its scope, and writes none: whatever changes goes through the
SQL functions of act.sql. Every key begins with the county, the shard key (invariant 8).
"""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Left

from gongzhi.cases import counters, registers  # noqa: F401 -- Django looks for tables in models.py


def county_field() -> "models.CharField[str, str]":
    return models.CharField(max_length=6, db_collation="C")


def level_field(digits: int) -> "models.GeneratedField":
    """The place at one level, kept by the database itself.

    A plain column, since row-level security lets only leakproof comparisons use an index, and
    left() is not one: a worklist would read every case of the nation.
    """
    return models.GeneratedField(
        expression=Left("place", digits),
        output_field=models.CharField(max_length=digits, db_collation="C"),
        db_persist=True,
    )


class Case(models.Model):
    """A matter of people 案件: one row, the projection of its ledger."""

    pk = models.CompositePrimaryKey("county", "id")
    county = county_field()
    id = models.UUIDField()
    number = models.CharField(max_length=20, db_collation="C")
    mechanism = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField()
    category = models.CharField(max_length=40)
    phase = models.CharField(max_length=12)
    state = models.CharField(max_length=40)
    is_open = models.BooleanField()
    place = models.CharField(max_length=12, db_collation="C")
    province = level_field(2)
    city = level_field(4)
    town = level_field(9)
    unit = models.UUIDField()
    post = models.UUIDField(null=True)
    offered = models.BooleanField(default=False)
    units = ArrayField(models.UUIDField())
    hidden = ArrayField(models.UUIDField())
    confined = models.BooleanField(default=False)
    title = models.CharField(max_length=80)
    channel = models.CharField(max_length=20)
    urgent = models.BooleanField(default=False)
    weight = models.SmallIntegerField(default=0)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    due_at = models.DateTimeField(null=True)
    overdue = models.BooleanField(default=False)
    reported_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    parent = models.UUIDField(null=True)
    facts = models.JSONField()
    seq = models.PositiveIntegerField()
    head = models.BinaryField()
    erased_at = models.DateTimeField(null=True)

    written_by_door: ClassVar[bool] = True

    class Meta:
        # The number first: an index that began with the county could be taken for the primary key
        # while the tables are empty, and checking foreign keys would go on so for a minute.
        constraints = [models.UniqueConstraint(fields=["number", "county"], name="case_number")]

    def __str__(self) -> str:
        return self.number


class Entry(models.Model):
    """One line of the ledger 台账: what was done, by whom, and all that it changed.

    `data` holds what was filled in, without personal data (those are Sealed, and only their salted
    digest is here); `changes` holds what the projections take over from it.
    """

    pk = models.CompositePrimaryKey("county", "case_id", "seq")
    county = county_field()
    case_id = models.UUIDField()
    seq = models.PositiveIntegerField()
    act = models.CharField(max_length=40)
    at = models.DateTimeField()
    account = models.UUIDField(null=True)
    post = models.UUIDField(null=True)
    unit = models.UUIDField(null=True)
    place = models.CharField(max_length=12, db_collation="C", blank=True)
    before = models.CharField(max_length=40, blank=True)
    after = models.CharField(max_length=40)
    data = models.JSONField()
    changes = models.JSONField()
    previous = models.BinaryField()
    hash = models.BinaryField()

    written_by_door: ClassVar[bool] = True

    class Meta:
        verbose_name_plural = "entries"

    def __str__(self) -> str:
        return f"{self.case_id} {self.seq} {self.act}"


class Sealed(models.Model):
    """Words written at an act, encrypted; erased on time, while the ledger keeps their digest."""

    pk = models.CompositePrimaryKey("county", "case_id", "seq", "field")
    county = county_field()
    case_id = models.UUIDField()
    seq = models.PositiveIntegerField()
    field = models.CharField(max_length=40)
    salt = models.BinaryField()
    body = models.BinaryField()

    written_by_door: ClassVar[bool] = True

    class Meta:
        verbose_name_plural = "sealed"

    def __str__(self) -> str:
        return f"{self.case_id} {self.seq} {self.field}"


class Task(models.Model):
    """Who must do what by when 任务: for a unit, perhaps for one of its posts."""

    pk = models.CompositePrimaryKey("county", "case_id", "seq", "n")
    county = county_field()
    case_id = models.UUIDField()
    seq = models.PositiveIntegerField()
    n = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=40)
    unit = models.UUIDField()
    post = models.UUIDField(null=True)
    due_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    data = models.JSONField(default=dict)

    written_by_door: ClassVar[bool] = True

    def __str__(self) -> str:
        return f"{self.case_id} {self.name}"


class Notice(models.Model):
    """The outbox 待发通知: whom an entry gives something to do, until deliveries are made of it.

    `task` and `n` name the task; task 0 is the case itself, or no more than word to open pages.
    """

    pk = models.CompositePrimaryKey("county", "case_id", "seq", "task", "n")
    county = county_field()
    case_id = models.UUIDField()
    seq = models.PositiveIntegerField()
    task = models.PositiveIntegerField()
    n = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=40, blank=True)
    unit = models.UUIDField()
    post = models.UUIDField(null=True)
    due_at = models.DateTimeField(null=True)
    tell = models.BooleanField()

    written_by_door: ClassVar[bool] = True

    def __str__(self) -> str:
        return f"{self.case_id} {self.seq} {self.name}"


class Delivery(models.Model):
    """A notice on its way through one outlet 投递: when it is tried next, and how it went.

    `shown` is the masked address, `error` a word for what went wrong, never what a server said.
    """

    pk = models.CompositePrimaryKey("county", "case_id", "seq", "task", "n", "outlet")
    county = county_field()
    case_id = models.UUIDField()
    seq = models.PositiveIntegerField()
    task = models.PositiveIntegerField()
    n = models.PositiveSmallIntegerField()
    outlet = models.UUIDField()
    name = models.CharField(max_length=40)
    unit = models.UUIDField()
    kind = models.CharField(max_length=10)
    shown = models.CharField(max_length=80)
    due_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=40, blank=True)

    written_by_door: ClassVar[bool] = True

    class Meta:
        verbose_name_plural = "deliveries"

    def __str__(self) -> str:
        return f"{self.case_id} {self.name} {self.kind}"


class ClockRun(models.Model):
    """One run of a declared clock 时限, begun by the entry `seq`.

    `status`: running, paused, late (overdue and still waited for), met, breached, stopped.
    """

    pk = models.CompositePrimaryKey("county", "case_id", "seq", "name")
    county = county_field()
    case_id = models.UUIDField()
    seq = models.PositiveIntegerField()
    name = models.CharField(max_length=40)
    mechanism = models.CharField(max_length=40)
    status = models.CharField(max_length=10)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    provisional = models.BooleanField(default=False)
    paused_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    extended = models.BooleanField(default=False)

    written_by_door: ClassVar[bool] = True

    def __str__(self) -> str:
        return f"{self.case_id} {self.name} {self.status}"


class Party(models.Model):
    """A person or organisation on one side of a case 当事人, encrypted by field.

    `who` is set when the party is one of ours (an account, post or unit).
    """

    pk = models.CompositePrimaryKey("county", "case_id", "id")
    county = county_field()
    case_id = models.UUIDField()
    id = models.UUIDField()
    side = models.CharField(max_length=12)
    seq = models.PositiveIntegerField()
    name = models.BinaryField(null=True)
    phone = models.BinaryField(null=True)
    address = models.BinaryField(null=True)
    name_index = models.BinaryField(null=True)
    phone_index = models.BinaryField(null=True)
    tail_index = models.BinaryField(null=True)
    who = models.UUIDField(null=True)
    erased_at = models.DateTimeField(null=True)

    written_by_door: ClassVar[bool] = True

    class Meta:
        verbose_name_plural = "parties"

    def __str__(self) -> str:
        return f"{self.case_id} {self.side}"


class Attachment(models.Model):
    """A file laid to a case 附件; its bytes lie in the store under their hash."""

    pk = models.CompositePrimaryKey("county", "case_id", "seq", "n")
    county = county_field()
    case_id = models.UUIDField()
    seq = models.PositiveIntegerField()
    n = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64, db_collation="C")
    kind = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    erased_at = models.DateTimeField(null=True)

    written_by_door: ClassVar[bool] = True

    def __str__(self) -> str:
        return self.sha256


class Link(models.Model):
    """Two cases that belong together 关联: the same matter, a duplicate, a consequence."""

    pk = models.CompositePrimaryKey("county", "case_id", "other")
    county = county_field()
    case_id = models.UUIDField()
    other = models.UUIDField()
    other_county = county_field()
    kind = models.CharField(max_length=20)
    seq = models.PositiveIntegerField()

    written_by_door: ClassVar[bool] = True

    class Meta:
        # What was joined to a case is asked for from that case too.
        indexes = [models.Index(fields=["county", "other"], name="link_from_the_other")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind} {self.other}"


class Once(models.Model):
    """An idempotency key 幂等键 and the entry it made: the same request sent twice acts once."""

    pk = models.CompositePrimaryKey("county", "key")
    county = county_field()
    key = models.BinaryField()
    case_id = models.UUIDField()
    seq = models.PositiveIntegerField()

    written_by_door: ClassVar[bool] = True

    class Meta:
        verbose_name_plural = "once"

    def __str__(self) -> str:
        return f"{self.case_id} {self.seq}"


class Delta(models.Model):
    """What one entry adds to the figures, until it is folded into the counters.

    A confined case is counted from the county up: in a village a count of one would tell whoever
    is complained about. Where it becomes confined later, what was counted moves: `seq` is negative.
    """

    pk = models.CompositePrimaryKey("county", "case_id", "seq")
    county = county_field()
    case_id = models.UUIDField()
    seq = models.IntegerField()
    place = models.CharField(max_length=12, db_collation="C")
    mechanism = models.CharField(max_length=40)
    day = models.DateField()
    figures = models.JSONField()

    written_by_door: ClassVar[bool] = True

    def __str__(self) -> str:
        return f"{self.case_id} {self.seq}"
