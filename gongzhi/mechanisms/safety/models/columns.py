"""Columns that the registers share."""

import uuid

from django.db import models


def id_field() -> "models.UUIDField[uuid.UUID, uuid.UUID]":
    return models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)


def place_field() -> "models.CharField[str, str]":
    """A division's code; `place`, since `county` would make a table a sharded one."""
    return models.CharField(max_length=12, db_collation="C")
