"""The texts of letters that a city has changed, each version kept."""

import uuid

from django.db import models


class LetterText(models.Model):
    """A version of a letter's text 文书文本, in use from `at` until the next.

    The text that came with the software is version 0 and is not in this table.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mechanism = models.CharField(max_length=40)
    name = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    text = models.TextField()
    account = models.UUIDField()
    post = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mechanism", "name", "version"], name="one_text_of_a_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.mechanism}.{self.name} {self.version}"
