"""The five levels of divisions 行政区划, true in time."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models


class Division(models.Model):
    """A province, city, county, town or village. Its code begins with its parent's code.

    Codes have 2, 4, 6, 9 or 12 digits (statistics bureau; GB/T 2260 for the first six). A code
    that is retired stays, with `valid_to`, since cases keep the place where they began.
    """

    code = models.CharField(max_length=12, primary_key=True, db_collation="C")
    level = models.PositiveSmallIntegerField()
    parent = models.CharField(max_length=12, db_collation="C", blank=True, db_index=True)
    name = models.CharField(max_length=100, db_collation="C")
    name_en = models.CharField(max_length=200, blank=True)
    pinyin = models.CharField(max_length=300, db_collation="C", blank=True)
    initials = models.CharField(max_length=100, db_collation="C", blank=True)
    # Pairs of neighbouring characters: Chinese names are searched by any part of two or more.
    pairs = ArrayField(models.CharField(max_length=2), default=list)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    population = models.PositiveIntegerField(null=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    class Meta:
        db_table = "places_division"
        indexes = [
            models.Index(fields=["name"], name="division_name"),
            models.Index(fields=["pinyin"], name="division_pinyin"),
            models.Index(fields=["initials"], name="division_initials"),
            GinIndex(fields=["pairs"], name="division_pairs"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.code}"
