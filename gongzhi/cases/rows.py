"""Rows that came as JSON, as the models they are of: so that one round trip brings many tables."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models

Row = TypeVar("Row", bound=models.Model)
Reader = Callable[[Any], Any]


def _same(value: Any) -> Any:
    return value


def _reader(field: Any) -> Reader:
    if isinstance(field, models.UUIDField):
        return UUID
    if isinstance(field, models.DateTimeField):
        return datetime.fromisoformat
    if isinstance(field, models.BinaryField):
        return lambda text: bytes.fromhex(text[2:])
    if isinstance(field, ArrayField):
        one = _reader(field.base_field)
        return lambda many: [one(v) for v in many]
    return _same


@cache
def _readers(model: type[models.Model]) -> list[tuple[str, Reader]]:
    return [(f.attname, _reader(f)) for f in model._meta.concrete_fields]


def models_of(model: type[Row], rows: Iterable[Mapping[str, Any]] | None) -> list[Row]:
    """As PostgreSQL's to_jsonb() wrote them; none at all is no rows."""
    readers = _readers(model)
    names = [name for name, _ in readers]
    return [
        model.from_db(
            None, names, [None if (v := row[name]) is None else read(v) for name, read in readers]
        )
        for row in rows or ()
    ]
