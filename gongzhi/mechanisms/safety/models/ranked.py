"""Rules of a level by which major hazards are listed for supervision 挂牌督办规则."""

from django.db import models

from gongzhi.mechanisms.safety.models.columns import id_field, place_field


class ListingRule(models.Model):
    """Major hazards of a place that are not gone so many days after they were found, are listed.

    `level` is whose rule it is: the unit that answers there lists and delists. Empty `rank` and
    `criterion` mean all; `criterion` is a part of what a hazard was found major by. Ended, never
    rewritten: `valid_to` is the first day on which it no longer holds.
    """

    id = id_field()
    place = place_field()
    level = models.CharField(max_length=10)
    rank = models.CharField(max_length=10, blank=True)
    criterion = models.CharField(max_length=60, blank=True)
    after_days = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    account = models.UUIDField()
    post = models.UUIDField()
    entered_at = models.DateTimeField()
    ended_by = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["place", "valid_from"], name="listing_rule_of_place")]

    def __str__(self) -> str:
        return f"{self.place} {self.level} {self.after_days}"
