"""Notices to residents 公告: written once, sent to a scope, read and confirmed by household."""

from typing import ClassVar

from django.db import models

from gongzhi.mechanisms.neighbourhoods.models.columns import id_field, place_field
from gongzhi.mechanisms.neighbourhoods.models.register import Building, Grid


class Announcement(models.Model):
    """A notice to all households of a place, of one grid or of one building.

    `asks`: households are asked to confirm it. What it says stands in its wordings, the last of
    which holds; a household has heard of it with any wording since `counts_from`. Withdrawn, it
    stays with the reason. `queued` of its `buildings` have it, up to the one in `queued_to`.
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
    counts_from = models.PositiveSmallIntegerField(default=1)
    buildings = models.PositiveIntegerField(default=0)
    queued = models.PositiveIntegerField(default=0)
    queued_to = models.UUIDField(null=True)
    queued_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.UUIDField(null=True)
    withdrawn_why = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["place", "published_at"], name="announced_in_place"),
            models.Index(fields=["place", "shown_until"], name="announced_and_shown"),
            models.Index(
                fields=["published_at"], condition=models.Q(queued_at__isnull=True),
                name="announced_not_queued",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.id)


class Wording(models.Model):
    """What a notice says, in two languages; a correction 更正 is a new one. Never changed.

    `again`: whoever had confirmed an earlier one is asked anew.
    """

    announcement = models.ForeignKey(
        Announcement, on_delete=models.PROTECT, related_name="wordings"
    )
    n = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=80)
    title_en = models.CharField(max_length=160, blank=True)
    text = models.TextField(max_length=4000)
    text_en = models.TextField(max_length=8000, blank=True)
    why = models.CharField(max_length=200, blank=True)
    again = models.BooleanField(default=False)
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
    """A household's copy of a notice: which wording was read and confirmed when, and by whom it
    was told at the door (`told_by`, a post), if it was.

    Only the functions of notices.sql read and write it, of one household or one building at a
    time: nobody can ask who read what across buildings.
    """

    pk = models.CompositePrimaryKey("announcement_id", "household")
    # The primary key begins with it. Asking row by row whether the notice is there made queueing
    # a third slower, and only functions that hold it write here.
    announcement = models.ForeignKey(
        Announcement, on_delete=models.PROTECT, related_name="+", db_index=False,
        db_constraint=False,
    )  # fmt: skip
    household = models.UUIDField()
    building = models.UUIDField()
    read_n = models.PositiveSmallIntegerField(default=0)
    read_at = models.DateTimeField(null=True)
    confirmed_n = models.PositiveSmallIntegerField(default=0)
    confirmed_at = models.DateTimeField(null=True)
    told_by = models.UUIDField(null=True)

    written_by_door: ClassVar[bool] = True

    class Meta:
        verbose_name_plural = "sent"
        indexes = [models.Index(fields=["announcement", "building"], name="sent_to_building")]

    def __str__(self) -> str:
        return f"{self.announcement_id} {self.household}"


class Told(models.Model):
    """How many households of a building have a notice, read it, confirmed it, of these by a word
    at the door: counted as they do, never by looking through them."""

    pk = models.CompositePrimaryKey("announcement_id", "building")
    announcement = models.ForeignKey(
        Announcement, on_delete=models.PROTECT, related_name="told", db_index=False
    )
    building = models.UUIDField()
    community = place_field()
    households = models.PositiveIntegerField()
    read = models.PositiveIntegerField(default=0)
    confirmed = models.PositiveIntegerField(default=0)
    at_door = models.PositiveIntegerField(default=0)

    written_by_door: ClassVar[bool] = True

    class Meta:
        verbose_name_plural = "told"

    def __str__(self) -> str:
        return f"{self.announcement_id} {self.building}"


class Mailing(models.Model):
    """One time that a notice goes out over its channels 发送: the notice, a correction, a reminder
    or that it is withdrawn. The worker makes dispatches of it once (`laid_at`), to `addresses` of
    units and teams and to those of `residents`."""

    id = id_field()
    announcement = models.ForeignKey(
        Announcement, on_delete=models.PROTECT, related_name="mailings"
    )
    what = models.CharField(max_length=12)
    wording = models.PositiveSmallIntegerField()
    on = models.DateField()
    asked_at = models.DateTimeField()
    post = models.UUIDField()
    laid_at = models.DateTimeField(null=True)
    addresses = models.PositiveIntegerField(default=0)
    residents = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["announcement", "on"], condition=models.Q(what="reminder"),
                name="one_reminder_a_day",
            )
        ]  # fmt: skip
        indexes = [
            models.Index(
                fields=["asked_at"], condition=models.Q(laid_at__isnull=True),
                name="mailing_to_lay",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.announcement_id} {self.what}"


class Dispatch(models.Model):
    """A mailing on its way to one address, by mail, message, hook or the robot of a group.

    `outlet` is a unit's outlet, `registered` a resident who gave the address for this; `error` a
    word for what went wrong, never what a server said.
    """

    id = models.BigAutoField(primary_key=True)
    mailing = models.ForeignKey(Mailing, on_delete=models.PROTECT, related_name="dispatches")
    channel = models.CharField(max_length=10)
    outlet = models.UUIDField(null=True)
    registered = models.UUIDField(null=True)
    building = models.UUIDField(null=True)
    made_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name_plural = "dispatches"
        constraints = [
            models.UniqueConstraint(
                fields=["mailing", "channel", "outlet", "registered"], nulls_distinct=False,
                name="dispatched_once",
            )
        ]  # fmt: skip
        indexes = [
            models.Index(
                fields=["next_at"], condition=models.Q(next_at__isnull=False),
                name="dispatch_due",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.mailing_id} {self.channel}"
