"""Notices to residents 公告: written once, sent to a scope, read and confirmed by household."""

from django.db import models

from gongzhi.mechanisms.neighbourhoods.models.columns import id_field, place_field
from gongzhi.mechanisms.neighbourhoods.models.register import Building, Grid


class Announcement(models.Model):
    """A notice to all households of a place, of one grid or of one building.

    `asks`: households are asked to confirm it. What it says stands in its wordings, the last of
    which holds; withdrawn, it stays with the reason.
    """

    id = id_field()
    place = place_field()
    grid = models.ForeignKey(Grid, null=True, on_delete=models.PROTECT, related_name="+")
    building = models.ForeignKey(Building, null=True, on_delete=models.PROTECT, related_name="+")
    asks = models.BooleanField(default=False)
    channels = models.JSONField(default=list)
    unit = models.UUIDField()
    account = models.UUIDField()
    post = models.UUIDField()
    published_at = models.DateTimeField()
    shown_until = models.DateField()
    reminded_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["place", "published_at"], name="announced_in_place")]

    def __str__(self) -> str:
        return str(self.id)


class Wording(models.Model):
    """What a notice says, in two languages; a correction 更正 is a new one. Never changed."""

    announcement = models.ForeignKey(
        Announcement, on_delete=models.PROTECT, related_name="wordings"
    )
    n = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=80)
    title_en = models.CharField(max_length=160, blank=True)
    text = models.TextField(max_length=4000)
    text_en = models.TextField(max_length=8000, blank=True)
    why = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    account = models.UUIDField()
    post = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["announcement", "n"], name="one_wording_of_a_number")
        ]

    def __str__(self) -> str:
        return self.title


class Sent(models.Model):
    """A household's copy of a notice: when it was read and confirmed, and by whom it was told at
    the door (`told_by`, a post), if it was."""

    pk = models.CompositePrimaryKey("announcement_id", "household")
    announcement = models.ForeignKey(Announcement, on_delete=models.PROTECT, related_name="+")
    household = models.UUIDField(db_index=True)
    building = models.UUIDField()
    read_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    told_by = models.UUIDField(null=True)

    class Meta:
        verbose_name_plural = "sent"
        indexes = [models.Index(fields=["announcement", "building"], name="sent_to_building")]

    def __str__(self) -> str:
        return f"{self.announcement_id} {self.household}"


class Told(models.Model):
    """How many households of a building have a notice, read it, confirmed it: counted as they do,
    never by looking through them."""

    pk = models.CompositePrimaryKey("announcement_id", "building")
    announcement = models.ForeignKey(Announcement, on_delete=models.PROTECT, related_name="told")
    building = models.UUIDField()
    community = place_field()
    households = models.PositiveIntegerField()
    read = models.PositiveIntegerField(default=0)
    confirmed = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "told"

    def __str__(self) -> str:
        return f"{self.announcement_id} {self.building}"


class Dispatch(models.Model):
    """A notice on its way to one address, by mail, message or the robot of a group 发送.

    `outlet` is a unit's outlet, `registered` a resident who gave the address for this; `error` a
    word for what went wrong, never what a server said.
    """

    id = models.BigAutoField(primary_key=True)
    announcement = models.ForeignKey(
        Announcement, on_delete=models.PROTECT, related_name="dispatches"
    )
    channel = models.CharField(max_length=10)
    outlet = models.UUIDField(null=True)
    registered = models.UUIDField(null=True)
    building = models.UUIDField(null=True)
    reminder = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name_plural = "dispatches"
        indexes = [
            models.Index(
                fields=["next_at"], condition=models.Q(next_at__isnull=False),
                name="dispatch_due",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.announcement_id} {self.channel}"
