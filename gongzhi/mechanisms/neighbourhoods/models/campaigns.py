"""Campaigns 集中行动: when which building comes, and how many have come. No results of persons."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from gongzhi.mechanisms.neighbourhoods.models.columns import id_field, place_field
from gongzhi.mechanisms.neighbourhoods.models.register import Building, Grid


class Campaign(models.Model):
    """A testing or vaccination round, a fire-safety check, a drill: for a place or a grid of it.

    `spots` are where people come to, `per_hour` how many households a spot takes in an hour.
    `report` are the figures as they stood when it was closed; who came is forgotten on `erase_on`.
    """

    id = id_field()
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=160, blank=True)
    guidance = models.TextField(max_length=4000, blank=True)
    guidance_en = models.TextField(max_length=8000, blank=True)
    place = place_field()
    grid = models.ForeignKey(Grid, null=True, on_delete=models.PROTECT, related_name="+")
    spots = ArrayField(models.CharField(max_length=120), default=list)
    per_hour = models.PositiveSmallIntegerField(null=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    unit = models.UUIDField()
    account = models.UUIDField()
    post = models.UUIDField()
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    report = models.JSONField(null=True)
    erase_on = models.DateField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["place", "starts_on"], name="campaign_of_place")]

    def __str__(self) -> str:
        return self.name


class Slot(models.Model):
    """When a building comes, and where to 时段; without a spot, it is visited."""

    id = id_field()
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="slots")
    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="+")
    from_at = models.DateTimeField()
    to_at = models.DateTimeField()
    spot = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = [models.Index(fields=["campaign", "building"], name="slot_of_building")]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.from_at}"


class CheckIn(models.Model):
    """That a household came, and how many of it 签到; forgotten when the campaign is over."""

    pk = models.CompositePrimaryKey("campaign_id", "household")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="+")
    household = models.UUIDField()
    building = models.UUIDField()
    people = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    post = models.UUIDField()

    class Meta:
        indexes = [models.Index(fields=["campaign", "building"], name="came_of_building")]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.household}"


class Progress(models.Model):
    """How many households of a building have come, and how many people, counted as they come."""

    pk = models.CompositePrimaryKey("campaign_id", "building")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="progress")
    building = models.UUIDField()
    community = place_field()
    grid = models.UUIDField()
    households = models.PositiveIntegerField()
    came = models.PositiveIntegerField(default=0)
    people = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "progress"
        indexes = [
            models.Index(fields=["campaign", "community"], name="progress_of_community"),
            models.Index(fields=["building"], name="campaigns_of_building"),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.building}"
