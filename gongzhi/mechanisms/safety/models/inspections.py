"""Plans, checks due and inspections 排查: who checks which site, what was asked, and the answers.

Words about what is wrong are not here: an item that is not met begins a hazard, and they are in its
case, sealed and erased in time.
"""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models

from gongzhi.mechanisms.safety.models.catalogue import Edition
from gongzhi.mechanisms.safety.models.columns import id_field, place_field
from gongzhi.mechanisms.safety.models.register import Site


class Plan(models.Model):
    """Who checks which sites against which part of the catalogue, and how often 检查计划.

    `kind` says who: the firm itself, the grid, a department, or experts across. `categories` is the
    part (all, where empty); `industries`, `facts` and the keys of `every` choose the sites below
    `place`: after so many days each, by the colour of the site. Changed from a day on, it is a row
    more of the same `line`.
    """

    id = id_field()
    line = models.UUIDField(default=uuid.uuid4, db_index=True, editable=False)
    place = place_field()
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=10)
    # Who checks, where it is a department or experts.
    unit = models.UUIDField(null=True)
    categories = ArrayField(models.CharField(max_length=10), default=list)
    industries = ArrayField(models.CharField(max_length=3), default=list)
    facts = ArrayField(models.CharField(max_length=20), default=list)
    every = models.JSONField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    account = models.UUIDField()
    post = models.UUIDField()
    entered_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["place", "valid_from"], name="plan_of_place")]

    def __str__(self) -> str:
        return self.name


class Check(models.Model):
    """One check of one site that a plan asks of a unit 待办检查, from `from_day` until `due`.

    There is one at a time: a late one stays, and the next is asked once it is done.
    """

    id = id_field()
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="checks")
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="checks")
    place = place_field()
    unit = models.UUIDField()
    from_day = models.DateField()
    due = models.DateField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "site"],
                condition=models.Q(done_at__isnull=True),
                name="one_check_left_of_a_site",
            )
        ]
        indexes = [
            models.Index(fields=["plan", "done_at"], name="checks_done_of_plan"),
            models.Index(
                fields=["unit", "due", "id"], condition=models.Q(done_at__isnull=True),
                name="checks_left_of_unit",
            ),
            models.Index(
                fields=["place", "due", "id"], condition=models.Q(done_at__isnull=True),
                name="checks_left_of_place",
            ),
            # Of a large place, nearly all: in their order, not sorted.
            models.Index(
                fields=["due", "id"], condition=models.Q(done_at__isnull=True),
                name="checks_left_by_day",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.site_id} {self.due}"


class Inspection(models.Model):
    """A check that was made 检查: by whom, against which edition, and how it came out.

    Its id is given on the phone, so that parts of it can be sent in any order. `categories` is the
    part that was asked (all, where empty); `audit` is the audit that it is a working paper of.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="inspections")
    check_of = models.ForeignKey(Check, on_delete=models.SET_NULL, null=True, related_name="+")
    audit = models.UUIDField(null=True, db_index=True)
    place = place_field()
    kind = models.CharField(max_length=10)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    categories = ArrayField(models.CharField(max_length=10), default=list)
    unit = models.UUIDField()
    post = models.UUIDField()
    account = models.UUIDField()
    began_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    received_at = models.DateTimeField()
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    asked = models.PositiveSmallIntegerField()
    met = models.PositiveSmallIntegerField()
    not_met = models.PositiveSmallIntegerField()
    # Of another kind of site than the register says: told apart from what was met.
    not_applicable = models.PositiveSmallIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["site", "-finished_at"], name="inspections_of_site"),
            models.Index(fields=["place", "-finished_at", "id"], name="inspections_of_place"),
            # Of a whole city the newest are found without sorting all.
            models.Index(fields=["finished_at", "id"], name="inspections_in_time"),
        ]

    def __str__(self) -> str:
        return f"{self.site_id} {self.finished_at:%Y-%m-%d}"

    @property
    def answered(self) -> int:
        return self.met + self.not_met + self.not_applicable

    @property
    def whole(self) -> bool:
        """Whether everything that was asked was answered."""
        return self.answered == self.asked


class Answer(models.Model):
    """What was seen at one item 检查结果: `verdict` is met, not_met or not_applicable; `number` the
    hazard that it began."""

    id = id_field()
    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="answers")
    code = models.CharField(max_length=16, db_collation="C")
    verdict = models.CharField(max_length=14)
    number = models.CharField(max_length=20, blank=True, db_collation="C")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inspection", "code"], name="one_answer_to_an_item")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.verdict}"


class Exhibit(models.Model):
    """A photo, a voice note or a signature of an inspection 佐证; `code` is empty for the whole.

    It may come before its inspection does, hence no constraint in the database; only what came
    from whoever made the inspection belongs to it.
    """

    id = id_field()
    inspection = models.ForeignKey(
        Inspection, on_delete=models.CASCADE, related_name="exhibits", db_constraint=False
    )
    code = models.CharField(max_length=16, blank=True, db_collation="C")
    what = models.CharField(max_length=10)
    sha256 = models.CharField(max_length=64, db_collation="C")
    kind = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    account = models.UUIDField()
    received_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "code", "what", "sha256"], name="one_exhibit_of_a_file"
            )
        ]
        indexes = [models.Index(fields=["sha256"], name="exhibit_of_file")]

    def __str__(self) -> str:
        return f"{self.what} {self.code}"
