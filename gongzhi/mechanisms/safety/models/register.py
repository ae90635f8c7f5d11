"""Firms 企业 and their sites 场所: what is done there, how large, and what is dangerous in it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from gongzhi.mechanisms.safety.models.columns import id_field, place_field


class Enterprise(models.Model):
    """A firm 企业, by its unified social credit code 统一社会信用代码 (GB 32100).

    `industry` is a section letter and division of GB/T 4754, as C33; `unit` is the firm's own unit
    here, once it has an account; `overseer` the authority that answers for it.
    """

    id = id_field()
    code = models.CharField(max_length=18, db_collation="C")
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=200, blank=True)
    place = place_field()
    industry = models.CharField(max_length=3, db_collation="C")
    size = models.CharField(max_length=6)
    employees = models.PositiveIntegerField(null=True)
    unit = models.UUIDField(null=True, db_index=True)
    overseer = models.UUIDField(null=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=models.Q(valid_to__isnull=True),
                name="one_firm_of_a_code",
            )
        ]  # fmt: skip
        indexes = [models.Index(fields=["place", "name"], name="firm_of_place")]

    def __str__(self) -> str:
        return self.name


class Site(models.Model):
    """A place where a firm works 场所. `facts` are what decides which checks apply (hot work,
    dust …); `colour` its risk on the four-colour board 四色图."""

    id = id_field()
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="sites")
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=160, blank=True)
    place = place_field()
    address = models.CharField(max_length=160, blank=True)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    facts = ArrayField(models.CharField(max_length=20), default=list)
    colour = models.CharField(max_length=6)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["place", "colour"], name="site_of_place")]

    def __str__(self) -> str:
        return f"{self.enterprise} {self.name}"


class Contact(models.Model):
    """Who answers for safety at a firm 安全责任人: name and phone are sealed, and go when it is
    over."""

    id = id_field()
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="contacts")
    duty = models.CharField(max_length=20)
    name = models.BinaryField(null=True)
    phone = models.BinaryField(null=True)
    held_from = models.DateField()
    held_to = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.duty}"


class RegisterChange(models.Model):
    """Who changed what of the register when, each fact before and after 变更记录; `what` is the
    changed row's id. Never changed itself."""

    of = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="changes")
    what = models.UUIDField()
    called = models.CharField(max_length=120)
    at = models.DateTimeField()
    account = models.UUIDField()
    post = models.UUIDField()
    facts = models.JSONField()

    def __str__(self) -> str:
        return f"{self.called} {self.at}"
