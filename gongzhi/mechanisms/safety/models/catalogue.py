"""The catalogue of checks 隐患排查清单, in editions: an inspection keeps its own."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from gongzhi.mechanisms.safety.models.columns import id_field, place_field


class Edition(models.Model):
    """The catalogue as it holds in a place from a day on; never rewritten, the next one follows."""

    id = id_field()
    place = place_field()
    name = models.CharField(max_length=80)
    source = models.CharField(max_length=200)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    account = models.UUIDField(null=True)
    post = models.UUIDField(null=True)
    entered_at = models.DateTimeField()
    # Of all its contents: the same again makes no new edition.
    digest = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["place", "valid_from"], name="edition_of_place")]

    def __str__(self) -> str:
        return self.name


class Category(models.Model):
    """A category 类别 of an edition: `industries` and `needs` say for which sites it is, `way` how
    its hazards are ranked."""

    id = id_field()
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="categories")
    code = models.CharField(max_length=10, db_collation="C")
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=120, blank=True)
    group = models.CharField(max_length=20)
    way = models.CharField(max_length=10)
    industries = ArrayField(models.CharField(max_length=3), default=list)
    needs = ArrayField(models.CharField(max_length=20), default=list)

    class Meta:
        verbose_name_plural = "categories"
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="one_category_of_a_code")
        ]

    def __str__(self) -> str:
        return self.name


class Item(models.Model):
    """One thing to check 检查项: what must be so, how to see it, what is wrong when it is not."""

    id = id_field()
    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="items")
    code = models.CharField(max_length=16, db_collation="C")
    what = models.CharField(max_length=200)
    how = models.CharField(max_length=200)
    not_met = models.CharField(max_length=160)
    basis = models.JSONField(default=list)
    industries = ArrayField(models.CharField(max_length=3), default=list)
    needs = ArrayField(models.CharField(max_length=20), default=list)
    rank = models.CharField(max_length=6)
    evidence = ArrayField(models.CharField(max_length=10), default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["category", "code"], name="one_item_of_a_code")
        ]

    def __str__(self) -> str:
        return self.code


class Basis(models.Model):
    """A law or standard that items rest on 依据."""

    id = id_field()
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="bases")
    key = models.CharField(max_length=60, db_collation="C")
    name = models.CharField(max_length=120)
    number = models.CharField(max_length=40, blank=True)
    year = models.PositiveSmallIntegerField(null=True)
    kind = models.CharField(max_length=10)

    class Meta:
        verbose_name_plural = "bases"
        constraints = [
            models.UniqueConstraint(fields=["edition", "key"], name="one_basis_of_a_key")
        ]

    def __str__(self) -> str:
        return self.name
