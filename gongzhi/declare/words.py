"""The words a mechanism is written in.

A declaration is data: frozen, made of these words, referring to each other as Python objects.
If a mechanism needs an `if`, it belongs in its effects, not here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, StrEnum
from typing import Any

from gongzhi.declare.scale import Level, Phase
from gongzhi.declare.spans import Span


class Tie(Enum):
    """What ties the one who acts to the case."""

    HOLDS = "holds"  # their unit holds the case
    ASSIGNED = "assigned"  # the case is held by their post
    JOINED = "joined"  # their unit was called in beside the holder
    ABOVE = "above"  # their post stands over the case's place, above the holder
    CHARGE = "charge"  # their post answers for the case as leader
    PARTY = "party"  # the person whom the case is about, by number and phone
    PLACE = "place"  # their post covers the place; for acts that begin a case
    ANYONE = "anyone"  # the public, without an account
    TIMER = "timer"  # nobody: the clock


class Open(Enum):
    """Stands for all states that are not final; EVER for the final ones too."""

    ALL = "open"
    EVER = "ever"


OPEN, EVER = Open.ALL, Open.EVER


@dataclass(frozen=True, slots=True)
class State:
    """Where a case stands 状态. A final state ends it, as `settled` or not."""

    name: str
    label: str
    phase: Phase
    final: bool = False
    settled: bool = False


@dataclass(frozen=True, slots=True)
class Role:
    """Who may act: posts of these kinds, at these levels, tied to the case so.

    No kind named means: any post with that tie.
    """

    name: str
    label: str
    kinds: tuple[str, ...] = ()
    at: tuple[Level, ...] = tuple(Level)
    tie: Tie = Tie.HOLDS


TIMER = Role("timer", "到期自动", tie=Tie.TIMER)


@dataclass(frozen=True, slots=True)
class Act:
    """Something done on a case 行为: from where, to where, by whom, with what form and law.

    `then` left out: the state stays. `by_other_than`: not by whoever last did that act.
    `effect(case, data, by)` returns what else changes (no case yet where one begins). `quiet`: not
    shown to the parties. `up`: time, which has no effects, gives the case to the unit above.
    `answers`: offered only while a task of that name is open.
    """

    name: str
    label: str
    when: Sequence[State] | Open
    by: Role | Sequence[Role]
    then: State | None = None
    form: type[Any] | None = None
    effect: Callable[..., Any] | None = None
    law: str = ""
    by_other_than: "Act | None" = None
    quiet: bool = False
    up: bool = False
    answers: str = ""

    @property
    def roles(self) -> tuple[Role, ...]:
        return (self.by,) if isinstance(self.by, Role) else tuple(self.by)


@dataclass(frozen=True, slots=True)
class Clock:
    """A time limit 时限: entering certain states starts it, leaving them all ends it.

    In `pauses_in` it stands still. It is extended once, by `extended_by`. `late`: the act of time
    itself when it falls due; without one the breach is entered and the unit above given a task.
    `promise`: our own rather than the law's. `categories`, `channels`: for such cases alone; `at`:
    while a unit of that level holds the case, and anew with each level it comes to. `dated`: the
    act that starts it may name the day on which it ends, within what its order allows.
    """

    name: str
    label: str
    span: Span
    runs_in: Sequence[State] | Open
    law: str = ""
    pauses_in: Sequence[State] = ()
    extend: Span | None = None
    extended_by: "Role | Act | None" = None
    late: Act | None = None
    promise: bool = False
    categories: Sequence[str] = ()
    channels: Sequence[str] = ()
    at: Level | None = None
    dated: bool = False

    @property
    def for_some(self) -> bool:
        return bool(self.categories or self.channels)


@dataclass(frozen=True, slots=True)
class Document:
    """A letter 文书 made after an act, `only` where it said so; from documents/<name>.md."""

    name: str
    label: str
    after: Act
    only: tuple[str, str] | None = None


class Better(StrEnum):
    """Which way an indicator should move."""

    UP = "up"
    DOWN = "down"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Indicator:
    """A named figure 指标: numerator over denominator, each a sum of counted figures."""

    name: str
    label: str
    formula: str
    source: str
    over: tuple[str, ...]
    under: tuple[str, ...] = ()
    unit: str = "%"
    better: Better = Better.UP


@dataclass(frozen=True, slots=True)
class Measure:
    """A named figure 指标 that a register counts, where no case is to be counted.

    `count(place, since, until)` is its numerator and denominator; `until` is the day after the
    last. Where the denominator is below `least`, neither numerator nor share is told.
    """

    name: str
    label: str
    formula: str
    source: str
    count: Callable[[str, date, date], tuple[int, int]]
    least: int = 0
    unit: str = "%"
    better: Better = Better.UP


@dataclass(frozen=True, slots=True)
class Mechanism:
    """A way of handling a kind of case 机制, whole.

    `keep`: how long after closing personal data stay. `without`: linkage acts it forbids.
    `routed_to`: kinds of units that take a new case in, nearest first from the place upwards.
    `tasks`: its own, each with its label and the act that fulfils it.
    `version` is raised whenever states, acts or clocks change.
    """

    name: str
    label: str
    starts: Act
    acts: Sequence[Act]
    clocks: Sequence[Clock]
    keep: Span
    routed_to: tuple[str, ...]
    documents: Sequence[Document] = ()
    indicators: Sequence[Indicator] = ()
    measures: Sequence[Measure] = ()
    categories: Sequence[tuple[str, str]] = ()
    tasks: Sequence[tuple[str, str, Act]] = ()
    without: Sequence[Act] = ()
    version: int = 1
    law: str = ""
    _states: dict[str, State] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for act in (self.starts, *self.acts):
            named = () if isinstance(act.when, Open) else tuple(act.when)
            for state in (*named, *((act.then,) if act.then else ())):
                self._states.setdefault(state.name, state)

    @property
    def states(self) -> tuple[State, ...]:
        return tuple(self._states.values())

    def state(self, name: str) -> State:
        return self._states[name]

    def sources(self, act: Act) -> tuple[State, ...]:
        """The states in which this act is possible."""
        if isinstance(act.when, Open):
            return tuple(s for s in self.states if act.when is EVER or not s.final)
        return tuple(act.when)

    def running_in(self, state: State) -> tuple[Clock, ...]:
        """The clocks that run while a case is in this state."""
        if state.final:
            return ()
        return tuple(c for c in self.clocks if isinstance(c.runs_in, Open) or state in c.runs_in)
