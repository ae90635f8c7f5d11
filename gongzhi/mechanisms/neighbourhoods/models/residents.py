"""Who lives there and said so 居民登记: for a named purpose, no longer than it lasts.

Names, phones and what else was said are sealed by field; row-level security shows a row to its
building's team, to its community and to whoever it is about (migrations/residents.sql).
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from gongzhi.mechanisms.neighbourhoods.models.columns import id_field, place_field
from gongzhi.mechanisms.neighbourhoods.models.register import Building, Household


class Purpose(models.Model):
    """What residents are asked for, and why 登记目的: the fields, the legal basis, how long.

    `fields` names known kinds of answers; those in `sensitive` are kept only with consent of their
    own. Kept `keep_days` after the registration, and never beyond `ends_on`, its last day.
    """

    id = id_field()
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    why = models.CharField(max_length=300)
    why_en = models.CharField(max_length=500, blank=True)
    place = place_field()
    basis = models.CharField(max_length=200)
    basis_en = models.CharField(max_length=300, blank=True)
    fields = ArrayField(models.CharField(max_length=20))
    sensitive = ArrayField(models.CharField(max_length=20), default=list)
    keep_days = models.PositiveIntegerField()
    campaign = models.UUIDField(null=True, db_index=True)
    valid_from = models.DateField()
    ends_on = models.DateField(null=True)
    account = models.UUIDField()
    post = models.UUIDField()

    class Meta:
        indexes = [models.Index(fields=["place"], name="purpose_of_place")]

    def __str__(self) -> str:
        return self.name


class Registered(models.Model):
    """A person registered for one purpose. Erased, only that there was one remains.

    `said` is sealed JSON: the answers besides name and phone, and when each sensitive one was
    agreed to (in clear, the name of such a field would tell what is sealed). `key` opens the
    resident's own page; `by_post` is who noted it at the door, nobody where the resident did.
    `mail_index` and `sms_index` stand where the resident agreed to get notices there: blind, they
    tell equal addresses and nothing else, so that each gets a notice once.
    """

    id = id_field()
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="registered")
    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="+")
    place = place_field()
    team = models.UUIDField()
    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="registered")
    name = models.BinaryField(null=True)
    phone = models.BinaryField(null=True)
    said = models.BinaryField(null=True)
    mail_index = models.BinaryField(null=True)
    sms_index = models.BinaryField(null=True)
    # Of an erased one there is none.
    key = models.CharField(max_length=16, null=True, unique=True, db_collation="C")  # noqa: DJ001
    by_post = models.UUIDField(null=True)
    registered_at = models.DateTimeField()
    corrected_at = models.DateTimeField(null=True)
    expires_on = models.DateField()
    erased_at = models.DateTimeField(null=True)
    erased_why = models.CharField(max_length=20, blank=True)

    class Meta:
        verbose_name_plural = "registered"
        indexes = [
            models.Index(fields=["building", "purpose"], name="registered_in_building"),
            models.Index(
                fields=["expires_on"], condition=models.Q(erased_at__isnull=True),
                name="registered_to_erase",
            ),
            models.Index(
                fields=["place"], name="registered_for_notices",
                condition=models.Q(mail_index__isnull=False) | models.Q(sms_index__isnull=False),
            ),
        ]  # fmt: skip
        constraints = [
            models.CheckConstraint(
                condition=models.Q(erased_at__isnull=True)
                | models.Q(
                    name__isnull=True,
                    phone__isnull=True,
                    said__isnull=True,
                    key__isnull=True,
                    mail_index__isnull=True,
                    sms_index__isnull=True,
                ),
                name="erased_is_empty",
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class Looked(models.Model):
    """Who saw a resident's registration unmasked, or changed it for them, when and why 查看记录.

    Never changed, but that the words of `reason` go with what they were about.
    """

    registered = models.UUIDField(db_index=True)
    did = models.CharField(max_length=10)
    account = models.UUIDField()
    post = models.UUIDField()
    at = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name_plural = "looked"

    def __str__(self) -> str:
        return f"{self.registered} {self.at}"


class RegisteredCount(models.Model):
    """How many are registered in a building for a purpose, and how many of them told of a need of
    a `kind` (empty: all persons); counted as they come and go."""

    pk = models.CompositePrimaryKey("building", "purpose", "kind")
    building = models.UUIDField()
    purpose = models.UUIDField()
    kind = models.CharField(max_length=20)
    n = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.building} {self.kind} {self.n}"
