"""The five levels of divisions 行政区划, true in time."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q


class Division(models.Model):
    """A province, city, county, town or village. Its code begins with its parent's code.

    Codes have 2, 4, 6, 9 or 12 digits (statistics bureau; GB/T 2260 for the first six). A code
    that is retired stays, with `valid_to`, since cases keep the place where they began.
    """

    # Only the owner's imports write here; no surface does.
    written_by_door: ClassVar[bool] = True

    code = models.CharField(max_length=12, primary_key=True, db_collation="C")
    level = models.PositiveSmallIntegerField()
    parent = models.CharField(max_length=12, db_collation="C", blank=True)
    name = models.CharField(max_length=100, db_collation="C")
    name_en = models.CharField(max_length=200, blank=True)
    pinyin = models.CharField(max_length=300, db_collation="C", blank=True)
    initials = models.CharField(max_length=100, db_collation="C", blank=True)
    # Pairs of neighbouring characters: Chinese names are searched by any part of two or more.
    # Trigrams (pg_trgm) are of no use here: most words looked for are shorter than three.
    pairs = ArrayField(models.CharField(max_length=2), default=list)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    population = models.PositiveIntegerField(null=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    class Meta:
        db_table = "places_division"
        # The code stands last so that a search within a scope is answered by the index alone.
        # Villages are fourteen times as many as all others: apart, they cannot hide a town.
        indexes = [
            models.Index(fields=["parent"], name="division_parent"),
            models.Index(fields=["level", "name", "code"], name="division_name"),
            models.Index(fields=["level", "pinyin", "code"], name="division_pinyin"),
            models.Index(fields=["level", "initials", "code"], name="division_initials"),
            GinIndex(fields=["pairs"], name="division_pairs_above", condition=Q(level__lt=5)),
            GinIndex(fields=["pairs"], name="division_pairs_village", condition=Q(level=5)),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.code}"
