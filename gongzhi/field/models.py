"""What phones have sent and was done, so that what is sent twice is done once."""

from django.db import models


class Received(models.Model):
    """An operation that was done, by its key and who sent it; its answer, to give it again."""

    pk = models.CompositePrimaryKey("account", "key")
    account = models.UUIDField()
    key = models.CharField(max_length=64, db_collation="C")
    at = models.DateTimeField(db_index=True)
    number = models.CharField(max_length=20, blank=True)
    case = models.JSONField(null=True)

    class Meta:
        verbose_name_plural = "received"

    def __str__(self) -> str:
        return self.key
