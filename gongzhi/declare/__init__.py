"""The words a mechanism is written in; the standard library is all it needs."""

from gongzhi.declare.scale import Level, Phase
from gongzhi.declare.spans import (
    Span,
    Unit,
    days,
    hours,
    minutes,
    working_days,
    working_hours,
)
from gongzhi.declare.words import (
    EVER,
    OPEN,
    TIMER,
    Act,
    Better,
    Clock,
    Document,
    Indicator,
    Measure,
    Mechanism,
    Open,
    Role,
    State,
    Tie,
)

__all__ = [
    "EVER",
    "OPEN",
    "TIMER",
    "Act",
    "Better",
    "Clock",
    "Document",
    "Indicator",
    "Level",
    "Measure",
    "Mechanism",
    "Open",
    "Phase",
    "Role",
    "Span",
    "State",
    "Tie",
    "Unit",
    "days",
    "hours",
    "minutes",
    "working_days",
    "working_hours",
]
