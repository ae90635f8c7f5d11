"""Tests wait for what happens, never for a time to pass."""

from datetime import timedelta

import psycopg
from django.conf import settings
from django.db import connections
from django.utils import timezone

WITHIN = 20.0  # seconds


def until(question: str, *, within: float = WITHIN) -> None:
    """Until the database says yes; each answer takes as long as a worker's look."""
    name, to = settings.DATABASES["owner"]["NAME"], connections["owner"].get_connection_params()
    # Each question in a transaction of its own: within one, what others do stands still.
    with psycopg.connect(**to, autocommit=True) as owner:
        assert owner.info.dbname == name
        end = timezone.now() + timedelta(seconds=within)
        while timezone.now() < end:
            if owner.execute(question).fetchone() == (True,):
                return
            owner.execute("SELECT pg_sleep(0.1)")
    raise AssertionError(f"not within {within} s: {question}")
