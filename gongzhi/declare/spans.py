"""Lengths of time as the law counts them: calendar or working days, hours, minutes."""

from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """What a span is counted in."""

    MINUTES = "minutes"
    HOURS = "hours"
    WORKING_HOURS = "working_hours"
    DAYS = "days"
    WORKING_DAYS = "working_days"


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time as the law counts it."""

    n: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.n} {self.unit}"


def minutes(n: int) -> Span:
    return Span(n, Unit.MINUTES)


def hours(n: int) -> Span:
    return Span(n, Unit.HOURS)


def working_hours(n: int) -> Span:
    return Span(n, Unit.WORKING_HOURS)


def days(n: int) -> Span:
    """Calendar days."""
    return Span(n, Unit.DAYS)


def working_days(n: int) -> Span:
    return Span(n, Unit.WORKING_DAYS)
