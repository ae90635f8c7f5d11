"""Firms 企业 and their sites 场所: what is done there, how large, and what is dangerous in it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from gongzhi.mechanisms.safety.models.columns import id_field, place_field


class Enterprise(models.Model):
    """A firm 企业, by its unified social credit code 统一社会信用代码 (GB 32100).

    `industry` is a section letter and division of GB/T 4754, as C33; `unit` is the firm's own unit
    here, once it has an account; `overseer` the authority that answers for it. `alike` is the name
    without place and legal form, by which two of one firm are found.
    """

    id = id_field()
    code = models.CharField(max_length=18, db_collation="C")
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=200, blank=True)
    alike = models.CharField(max_length=120, db_collation="C", db_index=True)
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
        indexes = [models.Index(fields=["place", "name", "id"], name="firm_of_place")]

    def __str__(self) -> str:
        return self.name


class Site(models.Model):
    """A place where a firm works 场所. `facts` are what decides which checks apply (hot work,
    dust …); `colour` its risk on the four-colour board 四色图; `spot` the address in one
    spelling."""

    id = id_field()
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="sites")
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=160, blank=True)
    place = place_field()
    address = models.CharField(max_length=160, blank=True)
    spot = models.CharField(max_length=160, blank=True, db_collation="C", db_index=True)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    facts = ArrayField(models.CharField(max_length=20), default=list)
    colour = models.CharField(max_length=6)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "name"], condition=models.Q(valid_to__isnull=True),
                name="one_site_of_a_name",
            )
        ]  # fmt: skip
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

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "duty"], condition=models.Q(held_to__isnull=True),
                name="one_contact_of_a_duty",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.duty}"


class Looked(models.Model):
    """Who saw a firm's contacts unmasked, when and why 查看记录. Never changed."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="looks")
    account = models.UUIDField()
    post = models.UUIDField()
    at = models.DateTimeField()
    reason = models.CharField(max_length=200)

    class Meta:
        verbose_name_plural = "looked"

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.at}"


class Proposal(models.Model):
    """What a firm's own head asks to have changed 变更申请: a contact (`duty`) or what is done at a
    site (`site`). `taken` is empty until the register's keepers decide; a name then is erased."""

    id = id_field()
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="proposals")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, related_name="proposals")
    facts = ArrayField(models.CharField(max_length=20), default=list)
    duty = models.CharField(max_length=20, blank=True)
    name = models.BinaryField(null=True)
    phone = models.BinaryField(null=True)
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    account = models.UUIDField()
    post = models.UUIDField()
    taken = models.BooleanField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)
    why = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["at"], condition=models.Q(taken__isnull=True), name="proposal_to_decide"
            )
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.at}"


class Apart(models.Model):
    """Two firms, or two sites, that look like one and are not 不是重复: `one` sorts first."""

    one = models.UUIDField()
    other = models.UUIDField()
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()
    account = models.UUIDField()
    post = models.UUIDField()

    class Meta:
        verbose_name_plural = "apart"
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="told_apart_once"),
            models.CheckConstraint(
                condition=models.Q(one__lt=models.F("other")), name="told_apart_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.one} {self.other}"


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
