"""Where units and persons want their notices. What is on its way stands with its case (cases)."""

import uuid

from django.db import models


class Outlet(models.Model):
    """A way by which notices reach a unit, or one person in it 通知渠道: a mailbox, a webhook, a
    phone, a group robot. Ended and succeeded, never rewritten.

    `account` is set when it is one person's own. `address` and `secret` are sealed; `shown` is the
    masked address. Not to be taken for the channel by which a case came.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.UUIDField()
    account = models.UUIDField(null=True)
    kind = models.CharField(max_length=10)
    address = models.BinaryField()
    secret = models.BinaryField(null=True)
    shown = models.CharField(max_length=80)
    language = models.CharField(max_length=10)
    paused_at = models.DateTimeField(null=True)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)
    set_by = models.UUIDField()
    ended_by = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["unit"], condition=models.Q(valid_to__isnull=True), name="outlet_in_use"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.shown}"
