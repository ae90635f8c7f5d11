"""Every act, every member of the cast, every state: allowed exactly when declared (invariant 5).

What is expected is worked out here from the words of the declaration, not by asking the kernel.
"""

from dataclasses import replace
from itertools import product
from uuid import UUID, uuid5

import pytest

from gongzhi.cases import linkage
from gongzhi.cases.reading import acts_open_to
from gongzhi.cases.snapshot import Snapshot
from gongzhi.cases.testing import BEGAN, LINE, OUTSIDE
from gongzhi.cases.tests.toys import toy
from gongzhi.declare import EVER, TIMER, Act, Mechanism, Open, Role, State, Tie, registry
from gongzhi.people.kinds import POST_KINDS
from gongzhi.people.permissions import Actor, may, may_begin
from gongzhi.people.posts import Holder, Resident, Timer

NAMES = UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")
OWN = uuid5(NAMES, "case")
MECHANISMS = [*registry.every(), toy]


def a(name: str) -> UUID:
    return uuid5(NAMES, name)


def post(unit: str, place: str, kind: str, *, sees: bool = True) -> Holder:
    name = f"{unit} {kind}"
    return Holder(
        account=a(f"account of {name}"), post=a(f"post of {name}"), unit=a(unit), kind=kind,
        unit_kind="governance_centre", place=place, sees_place=sees, name=name, title=kind,
        title_en="", unit_name=unit,
    )  # fmt: skip


CAST: list[Actor] = [
    *(post(place, place, kind) for place, kind in product((*LINE, OUTSIDE), POST_KINDS)),
    post("court", LINE[2], "judge", sees=False),
    Resident(case=OWN),
    Resident(case=a("another case")),
    Resident(),
    Timer(),
]
IN_CHARGE = (LINE[1], "leader")
FACTS = {"leader_in_charge": str(a(f"post of {LINE[1]} leader"))}
UNITS = {**{place: place for place in LINE}, "court": LINE[2]}


def case(mechanism: Mechanism, state: State, holder: str) -> Snapshot:
    """A matter of the village, held by one unit after it went through the town's."""
    return Snapshot(
        county=LINE[2], id=OWN, number="", mechanism=mechanism, state=state, category="other",
        channel="web",
        place=LINE[-1], unit=a(holder), post=a(f"post of {holder} mediator"), offered=False,
        units=tuple({a(holder), a(LINE[3]), a("court")}), hidden=(), confined=False, facts=FACTS,
        overdue=False,
        urgent=False, reported_at=BEGAN, closed_at=None, at=BEGAN, seq=3,
        holder_place=UNITS[holder], parent_unit=None,
    )  # fmt: skip


def holds_tie(role: Role, by: Actor, of: Snapshot) -> bool:
    if isinstance(by, Timer):
        return role.tie is Tie.TIMER
    if isinstance(by, Resident):
        return role.tie is Tie.PARTY and by.case == OWN
    held_here, called_in = by.unit == of.unit, by.unit in {a(LINE[3]), a("court")}
    on_the_line = by.place in LINE
    ties = {
        Tie.HOLDS: held_here,
        Tie.ASSIGNED: held_here and by.kind == "mediator",
        Tie.JOINED: called_in and not held_here,
        Tie.ABOVE: on_the_line
        and by.unit != a("court")
        and not held_here
        and len(by.place) < len(of.holder_place),
        Tie.CHARGE: (by.unit_name, by.kind) == IN_CHARGE,
        Tie.PLACE: on_the_line,
    }
    return ties.get(role.tie, False)


def named(role: Role, by: Actor) -> bool:
    """Whether the role names posts of this kind at this level; the public has neither."""
    if not isinstance(by, Holder):
        return True
    digits = [level.digits for level in role.at]
    return by.kind in (role.kinds or POST_KINDS) and len(by.place) in digits


def declared(act: Act, by: Actor, of: Snapshot) -> bool:
    return any(named(role, by) and holds_tie(role, by, of) for role in act.roles)


def possible(act: Act, state: State) -> bool:
    if isinstance(act.when, Open):
        return act.when is EVER or not state.final
    return state in act.when


def situations(mechanism: Mechanism) -> list[Snapshot]:
    return [case(mechanism, state, unit) for state, unit in product(mechanism.states, UNITS)]


def few(mechanism: Mechanism) -> list[Snapshot]:
    """An open case and one that is over: who may at all does not hang on the state; what is offered
    does, and is asked in every one."""
    chosen = {next(s.name for s in mechanism.states if s.final == over) for over in (True, False)}
    return [of for of in situations(mechanism) if of.state.name in chosen]


def told(by: Actor) -> str:
    return f"{by.unit_name} {by.kind}" if isinstance(by, Holder) else repr(by)


@pytest.mark.parametrize("mechanism", MECHANISMS, ids=lambda m: m.name)
def test_an_act_is_allowed_exactly_to_those_it_names(mechanism: Mechanism) -> None:
    answers = {True: 0, False: 0}
    for of, act, by in product(few(mechanism), linkage.acts_of(mechanism), CAST):
        expected = declared(act, by, of)
        assert bool(may(by, act, of)) == expected, (act.name, told(by), of.holder_place)
        answers[expected] += 1
    assert min(answers.values()) > 100


@pytest.mark.parametrize("mechanism", MECHANISMS, ids=lambda m: m.name)
def test_an_act_is_offered_only_where_it_is_declared(mechanism: Mechanism) -> None:
    own = {act.name for act in mechanism.acts}
    for of, by in product(situations(mechanism), CAST):
        expected = {
            act.name for act in linkage.acts_of(mechanism)
            # No task is open in these situations.
            if possible(act, of.state) and declared(act, by, of) and not act.answers
        }  # fmt: skip
        offered = {act.name for act in acts_open_to(by, of)}
        assert offered <= expected, (told(by), of.state.name, of.holder_place)
        assert offered & own == expected & own, (told(by), of.state.name, of.holder_place)


@pytest.mark.parametrize("mechanism", MECHANISMS, ids=lambda m: m.name)
def test_whoever_is_complained_about_may_do_nothing(mechanism: Mechanism) -> None:
    for of, by in product(few(mechanism), CAST):
        if isinstance(by, Holder):
            for hidden in (by.account, by.post, by.unit):
                accused = replace(of, hidden=(hidden,))
                assert not any(may(by, act, accused) for act in linkage.acts_of(mechanism))


@pytest.mark.parametrize("mechanism", MECHANISMS, ids=lambda m: m.name)
def test_nobody_verifies_what_they_did_themselves(mechanism: Mechanism) -> None:
    for act in [act for act in linkage.acts_of(mechanism) if act.by_other_than]:
        before = act.by_other_than
        for of, by in product(situations(mechanism), CAST):
            if before and isinstance(by, Holder) and declared(act, by, of):
                assert not may(by, act, replace(of, last={before.name: str(by.account)}))
                assert may(by, act, replace(of, last={before.name: str(a("someone else"))}))


@pytest.mark.parametrize("mechanism", MECHANISMS, ids=lambda m: m.name)
def test_a_case_is_begun_by_those_named_over_the_place(mechanism: Mechanism) -> None:
    starts = mechanism.starts
    for by, place in product(CAST, (*LINE, OUTSIDE)):
        expected = any(
            role.tie is Tie.ANYONE
            if isinstance(by, Resident)
            else role.tie is Tie.PLACE
            and isinstance(by, Holder)
            and place[: len(by.place)] == by.place
            and named(role, by)
            for role in starts.roles
        )
        assert bool(may_begin(by, starts, place)) == expected, (told(by), place)


def test_only_time_does_what_is_left_to_time() -> None:
    for mechanism in MECHANISMS:
        for of, by in product(few(mechanism), CAST):
            left = [act for act in linkage.acts_of(mechanism) if act.roles == (TIMER,)]
            assert all(bool(may(by, act, of)) == isinstance(by, Timer) for act in left)
