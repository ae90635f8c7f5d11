"""Training material 培训材料: links that a city or county gives to the firms whom they concern."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from gongzhi.mechanisms.safety.models.columns import id_field, place_field


class Training(models.Model):
    """A link for firms of some industries with sites of some facts (all, where empty)."""

    id = id_field()
    place = place_field()
    title = models.CharField(max_length=120)
    title_en = models.CharField(max_length=200, blank=True)
    url = models.URLField(max_length=300)
    industries = ArrayField(models.CharField(max_length=3), default=list)
    facts = ArrayField(models.CharField(max_length=20), default=list)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    account = models.UUIDField()
    post = models.UUIDField()
    entered_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "training"
        indexes = [models.Index(fields=["place", "valid_from"], name="training_of_place")]

    def __str__(self) -> str:
        return self.title
