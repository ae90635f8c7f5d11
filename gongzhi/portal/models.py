"""The public account as it was published: written once by the worker, never again."""

from typing import ClassVar

from django.db import models


class Publication(models.Model):
    """A closed month 公开账的一期. `least`: below this a count was small when it was published.

    `digest`: SHA-256 of its open data as CSV, so that anybody can see that they are the same.
    """

    # The worker publishes as owner; triggers refuse every change afterwards, to the owner too.
    written_by_door: ClassVar[bool] = True

    month = models.CharField(max_length=7, primary_key=True, db_collation="C")
    published_at = models.DateTimeField()
    least = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.month


class OpenFigure(models.Model):
    """What was published of a place and a mechanism; nothing (NULL) where it is withheld.

    Names are those of that time. `often`: categories of which there were no few.
    """

    written_by_door: ClassVar[bool] = True

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="figures")
    place = models.CharField(max_length=12, db_collation="C")
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=200, blank=True)
    mechanism = models.CharField(max_length=40, db_collation="C")
    reported = models.PositiveIntegerField(null=True)
    settled = models.PositiveIntegerField(null=True)
    late = models.PositiveIntegerField(null=True)
    often = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "place", "mechanism"], name="open_figure_once"
            )
        ]
        indexes = [models.Index(fields=["place", "publication"], name="open_figure_place")]

    def __str__(self) -> str:
        return f"{self.publication_id} {self.place} {self.mechanism}"
