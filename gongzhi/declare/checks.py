"""What must be true of every declaration: one function a rule, each failure one sentence."""

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator

from gongzhi.declare.words import Act, Mechanism, Open, Role, Tie

Rule = Callable[[Mechanism], Iterator[str]]


def every_state_is_reached(m: Mechanism) -> Iterator[str]:
    reached = {m.starts.then}
    grew = True
    while grew:
        ends = {a.then for a in m.acts if a.then and reached & set(m.sources(a))}
        grew = not ends <= reached
        reached |= ends
    for state in m.states:
        if state not in reached:
            yield f"no act leads to {state.name!r}"


def the_start_starts(m: Mechanism) -> Iterator[str]:
    if m.sources(m.starts):
        yield f"{m.starts.name!r} begins a case, so it cannot ask for a state before"
    if m.starts.then is None:
        yield f"{m.starts.name!r} begins a case, so it must name the state it leads to"


def only_final_states_end(m: Mechanism) -> Iterator[str]:
    left = {s for a in m.acts if a.then for s in m.sources(a) if a.then is not s}
    for state in m.states:
        if not state.final and state not in left:
            yield f"nothing leads out of {state.name!r}, which is not final"
        if state.settled and not state.final:
            yield f"{state.name!r} is settled but not final"


def something_is_due_in_every_open_state(m: Mechanism) -> Iterator[str]:
    """Invariant 1, proved before any case exists."""
    for state in m.states:
        everybody = [c for c in m.running_in(state) if not c.for_some and c.at is None]
        if not state.final and all(state in c.pauses_in for c in everybody):
            yield f"nothing is due in {state.name!r}; a case could lie there for ever"


def no_name_twice(m: Mechanism) -> Iterator[str]:
    lists: dict[str, Iterable[str]] = {
        "act": [a.name for a in (m.starts, *m.acts)],
        "clock": [c.name for c in m.clocks],
        "document": [d.name for d in m.documents],
        "indicator": [*(i.name for i in m.indicators), *(i.name for i in m.measures)],
        "category": [name for name, _ in m.categories],
        "task": [name for name, _, _ in m.tasks],
    }
    for kind, names in lists.items():
        for name, n in Counter(names).items():
            if n > 1:
                yield f"{kind} {name!r} is declared {n} times"
    called: dict[str, object] = {}
    for act in (m.starts, *m.acts):
        named = () if isinstance(act.when, Open) else tuple(act.when)
        for state in (*named, *((act.then,) if act.then else ())):
            if called.setdefault(state.name, state) != state:
                yield f"two states are called {state.name!r}"


def what_is_named_is_declared(m: Mechanism) -> Iterator[str]:
    acts = {a.name for a in (m.starts, *m.acts)}
    for document in m.documents:
        if document.after.name not in acts:
            yield f"document {document.name!r} follows {document.after.name!r}, not an act of it"
    for name, _label, act in m.tasks:
        if act.name not in acts:
            yield f"task {name!r} is fulfilled by {act.name!r}, which is no act of it"
    for clock in m.clocks:
        if clock.late and clock.late.name not in acts:
            yield f"clock {clock.name!r} ends in {clock.late.name!r}, which is no act of it"
        if clock.late and Tie.TIMER not in {r.tie for r in clock.late.roles}:
            yield f"{clock.late.name!r} is done by the clock {clock.name!r}, not allowed to TIMER"


def what_extends_a_clock_is_declared(m: Mechanism) -> Iterator[str]:
    acts = {a.name for a in m.acts}
    for clock in m.clocks:
        if isinstance(clock.extended_by, Act) and clock.extended_by.name not in acts:
            yield f"clock {clock.name!r} is extended by {clock.extended_by.name!r}, no act of it"


def clocks_stand_in_states_that_are_reached(m: Mechanism) -> Iterator[str]:
    for clock in m.clocks:
        runs = () if isinstance(clock.runs_in, Open) else clock.runs_in
        for stands, named in (("runs", runs), ("pauses", clock.pauses_in)):
            for state in named:
                if state not in m.states:
                    yield f"clock {clock.name!r} {stands} in {state.name!r}, which no act reaches"


def another_person_is_another_than_somebody(m: Mechanism) -> Iterator[str]:
    """Else the rule of four eyes would hold back nobody."""
    acts = {a.name for a in (m.starts, *m.acts)}
    for act in m.acts:
        if act.by_other_than and act.by_other_than.name not in acts:
            yield (
                f"{act.name!r} wants another person than did {act.by_other_than.name!r}, "
                "which is no act of it"
            )


def a_late_act_fits_its_clock(m: Mechanism) -> Iterator[str]:
    """When a clock falls due, its act must be possible wherever the clock can run."""
    for clock in m.clocks:
        if clock.late is None:
            continue
        for state in m.states:
            if clock in m.running_in(state) and state not in m.sources(clock.late):
                yield (
                    f"clock {clock.name!r} can fall due in {state.name!r}, "
                    f"where {clock.late.name!r} is not possible"
                )


def time_only_moves_a_case(m: Mechanism) -> Iterator[str]:
    """Time does its acts on whole sets of cases at once: no form, no effect, no pause."""
    for late in [c.late for c in m.clocks if c.late]:
        if late.form or late.effect:
            yield f"{late.name!r} is done by time, which fills in no form and has no effect"
        if late.then and late.then.settled:
            yield f"{late.name!r} is done by time, which settles nothing"
        for state in m.sources(late):
            after = late.then or state
            for clock in () if after.final else m.clocks:
                if (state in clock.pauses_in) != (after in clock.pauses_in):
                    yield f"{late.name!r} is done by time, which cannot pause {clock.name!r}"


def time_starts_no_clock_for_some(m: Mechanism) -> Iterator[str]:
    """Time takes whole sets of cases at once: a clock that it starts, starts for all of them."""
    for late in [c.late for c in m.clocks if c.late]:
        for state in m.sources(late):
            before = m.running_in(state)
            for clock in m.running_in(late.then or state):
                if clock.for_some and clock not in before:
                    yield f"{late.name!r} is done by time, which would start {clock.name!r} for all"


def levels_have_no_clock_at_the_start(m: Mechanism) -> Iterator[str]:
    """The database alone knows which unit takes a new case; an offer pauses nothing either."""
    for clock in [c for c in m.clocks if c.at is not None]:
        if m.starts.then and clock in m.running_in(m.starts.then):
            yield f"clock {clock.name!r} is for a level, so it cannot run from the start"
        if clock.pauses_in:
            yield f"clock {clock.name!r} is for a level, so it cannot pause"


def only_time_goes_up_by_itself(m: Mechanism) -> Iterator[str]:
    for act in [a for a in m.acts if a.up]:
        if act not in [c.late for c in m.clocks]:
            yield f"{act.name!r} goes up by itself, but no clock does it"
        for state in m.sources(act):
            if any(c.at for c in m.running_in(state)):
                yield f"{act.name!r} goes up by itself, but {state.name!r} has clocks of levels"


def every_clock_cites_its_source(m: Mechanism) -> Iterator[str]:
    for clock in m.clocks:
        if not clock.law:
            yield f"clock {clock.name!r} names no law and no ADR"


def an_extension_names_who_grants_it(m: Mechanism) -> Iterator[str]:
    for clock in m.clocks:
        if (clock.extend is None) != (clock.extended_by is None):
            yield f"clock {clock.name!r} must name both how far and by whom it is extended"


def every_act_is_allowed_to_somebody(m: Mechanism) -> Iterator[str]:
    for act in (m.starts, *m.acts):
        if not act.roles:
            yield f"nobody may do {act.name!r}"


RULES: tuple[Rule, ...] = (
    the_start_starts,
    every_state_is_reached,
    only_final_states_end,
    something_is_due_in_every_open_state,
    no_name_twice,
    what_is_named_is_declared,
    what_extends_a_clock_is_declared,
    clocks_stand_in_states_that_are_reached,
    another_person_is_another_than_somebody,
    a_late_act_fits_its_clock,
    time_only_moves_a_case,
    time_starts_no_clock_for_some,
    levels_have_no_clock_at_the_start,
    only_time_goes_up_by_itself,
    every_clock_cites_its_source,
    an_extension_names_who_grants_it,
    every_act_is_allowed_to_somebody,
)


def _roles(m: Mechanism) -> list[Role]:
    grant = [c.extended_by for c in m.clocks if isinstance(c.extended_by, Role)]
    return [*(role for act in (m.starts, *m.acts) for role in act.roles), *grant]


def problems(m: Mechanism, *, post_kinds: Container[str] | None = None) -> list[str]:
    """Every sentence the rules have to say against this declaration; empty when it is right."""
    found = [f"{m.name}: {sentence}" for rule in RULES for sentence in rule(m)]
    if post_kinds is not None:
        found += [
            f"{m.name}: role {role.name!r} wants posts of kind {kind!r}, which does not exist"
            for role in _roles(m)
            for kind in role.kinds
            if kind not in post_kinds
        ]
    return list(dict.fromkeys(found))
