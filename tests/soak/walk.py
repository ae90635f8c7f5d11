"""Random sequences of acts on one case, and what must be true after each.

The machine in tests/invariants plays a few lives on the real database; this walks hundreds of
thousands through the pure part: no sequence loses the holder, gives the case to whoever is
complained about, or lets a clock die silently.
"""

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from gongzhi.cases import linkage, plans, transition, whistles
from gongzhi.cases.changes import Changes, NewParty, Refused, Words
from gongzhi.cases.clocks import Calendar
from gongzhi.cases.snapshot import OpenTask, PartyRef, Run, Snapshot
from gongzhi.cases.testing import BEGAN, LINE
from gongzhi.declare import Act, Mechanism, Tie
from gongzhi.people.permissions import Actor, may
from gongzhi.people.posts import Holder, Resident
from gongzhi.places.levels import level_of

NAMES = UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")
CALENDAR = Calendar()
KINDS = (
    "clerk", "handler", "leader", "mediator", "administrator", "judge", "inspector", "road_chief",
    "building_chief", "safety_inspector", "safety_officer",
)  # fmt: skip
SIDE = ("department", "court", "discipline")  # beside the five levels, of the county
PARTIES, NEAR = 0.1, 0.7  # how often the party acts; from there, how often a unit concerned
DONE = {"met", "breached", "stopped"}


class Broken(AssertionError):
    """What must never happen, and the acts that led there."""


def a(name: str) -> UUID:
    return uuid5(NAMES, name)


OWN = a("case")
UNITS = {**{place: place for place in LINE}, **dict.fromkeys(SIDE, LINE[2])}
ABOVE = {a(LINE[n]): a(LINE[n - 1]) for n in range(1, len(LINE))} | {a(s): a(LINE[2]) for s in SIDE}
PLACE_OF = {a(name): place for name, place in UNITS.items()}


def _post(unit: str, kind: str) -> Holder:
    name = f"{unit} {kind}"
    return Holder(
        account=a(f"account {name}"), post=a(f"post {name}"), unit=a(unit), kind=kind,
        unit_kind="governance_centre", place=UNITS[unit], sees_place=unit not in SIDE, name=name,
        title=kind, title_en="", unit_name=unit,
    )  # fmt: skip


CAST = [_post(unit, kind) for unit in UNITS for kind in KINDS]
PARTY = Resident(case=OWN, tail=b"tail")


def above(unit: UUID, hidden: tuple[UUID, ...]) -> UUID | None:
    found = ABOVE.get(unit)
    while found is not None and found in hidden:
        found = ABOVE.get(found)
    return found


def place_of(unit: UUID) -> str:
    return PLACE_OF.get(unit, LINE[-1])


def _above(unit: UUID, hidden: tuple[UUID, ...], before: str | None) -> dict[str, Any]:
    """What a snapshot says of the units a case may go to next."""
    upper = above(unit, hidden)
    return {
        "parent_unit": upper, "parent_place": place_of(upper) if upper else None,
        "from_place": place_of(UUID(before)) if before else None,
    }  # fmt: skip


class Walk:
    """One case and one sequence of acts on it; `tried` is what all walks before it tried."""

    def __init__(self, mechanism: Mechanism, dice: random.Random, tried: Counter[str]) -> None:
        self.mechanism, self.dice, self.tried = mechanism, dice, tried
        self.acts = linkage.acts_of(mechanism)
        self.told: list[str] = []
        self.case = self._begun()

    def _begun(self) -> Snapshot:
        category = self.dice.choice([name for name, _label in self.mechanism.categories] or ["x"])
        columns = {"category": category, "channel": "web"}
        step = transition.Step(BEGAN, 1, CALENDAR)
        rows = transition.at_start(self.mechanism, columns, (), {}, step)
        unit = a(self.dice.choice(LINE[1:]))
        state = self.mechanism.starts.then
        assert state is not None
        case = Snapshot(
            county=LINE[2], id=OWN, number="", mechanism=self.mechanism, state=state,
            category=category, channel="web", place=LINE[-1], unit=unit, post=None, offered=False,
            units=(unit,), hidden=(), confined=False, facts={}, overdue=False, urgent=False,
            reported_at=BEGAN, closed_at=None, at=BEGAN, seq=1, holder_place=PLACE_OF[unit],
            **_above(unit, (), None), parties=(PartyRef(a("party"), "applicant", None, None),),
        )  # fmt: skip
        return replace(case, clocks=tuple(Run(**row) for row in rows["clocks"]))

    def go(self, length: int) -> Counter[str]:
        """So many acts that are possible. Raises Broken."""
        done: Counter[str] = Counter()
        for _ in range(length):
            act, by = self._chosen()
            if act is not None and by is not None:
                self.tried[act.name] += 1
                done[act.name if self._do(act, by) else "refused"] += 1
        return done

    def _actor(self) -> Actor:
        """Mostly somebody whose case it is, else walks would be of refusals."""
        near = [h for h in CAST if h.unit in self.case.units]
        lot = self.dice.random()
        return PARTY if lot < PARTIES else self.dice.choice(near if near and lot < NEAR else CAST)

    def _chosen(self) -> tuple[Act | None, Actor | None]:
        """What has seldom been tried comes first, so that walks get to where few lead."""
        by = self._actor()
        open_ = [x for x in self.acts if self.case.state in self.mechanism.sources(x)
                 and may(by, x, self.case)]  # fmt: skip
        if not open_:
            return None, None
        weights = [1 / (1 + self.tried[x.name]) for x in open_]
        return self.dice.choices(open_, weights)[0], by

    def _data(self) -> dict[str, Any]:
        """One bag of answers for whatever an effect asks; often what the form would not offer."""
        dice, case = self.dice, self.case
        units = [a(name) for name in UNITS]
        one, some = dice.choice(units), dice.sample(units, dice.randint(1, 2))
        day = (case.at + timedelta(days=3)).date()
        task = dice.choice(case.tasks) if case.tasks else None
        other = dice.choice(CAST)
        return {
            "unit": one, "level": level_of(place_of(one)), "units": some, "post": other.post,
            "mediator": other.post, "judge": None,
            "reason": Words("因"), "note": Words("办"), "safe": True, "people": [],
            "steps": [{"unit": u, "due": day} for u in some], "green": dice.random() < 0.5,
            "step": (task.seq, task.n) if task else (0, 0), "met_at": case.at,
            "outcome": dice.choice(["decided", "postponed", "up", "done", "again"]),
            "above": dice.choice(units), "stars": dice.randint(1, 3),
            "other": ("441202", a("other")), "kind": "related", "report_by": day, "due": day,
            "meet_by": day, "plan_by": day, "decision": dice.choice(["support", "no"]),
            "members": [{"party": a("party"), "amount": "1"}], "satisfied": True, "amount": 1,
            "begins_at": case.at + timedelta(days=1), "minutes": 60, "mode": "site", "n": 1,
            "instalments": [], "to": other.account, "whole": "all", "court_number": "1",
            "closed": dice.random() < 0.5, "ground": dice.choice(["urgent", "beyond", "several"]),
            "task": (task.seq, task.n) if task else (0, 0),
            "duty": dice.choice(["accept", "dispute"]),
            "verdict": dice.choice(["stands", "other", "none"]),
            "rank": dice.choice(["red", "orange", "yellow", "blue"]), "way": "lec", "d": "90",
            "major": dice.random() < 0.3, "firm": one, "until": case.at + timedelta(days=9),
        }  # fmt: skip

    def _do(self, act: Act, by: Actor) -> bool:
        data, before = self._data(), self.case
        if act.name == "pay":
            data["members"] = [(t.seq, t.n) for t in before.tasks if t.name == "member"]
        if act.name == "add_parties" and self.dice.random() < 0.5:
            data["people"] = [NewParty("respondent", name="某", who=self.dice.choice(CAST).post)]
        after = act.then or before.state
        step = transition.Step(before.at, before.seq + 1, CALENDAR)
        try:
            plans.hold_open(before, after, by)
            whistles.hold_open(before, after, by)
            changes = act.effect(before, data, by) if act.effect else Changes()
            written = transition.after_act(before, act, changes, step)
        except Refused:
            self._pass()
            return False
        self.told.append(f"{act.name} by {getattr(by, 'name', 'party')}")
        self.case = self._folded(act, by, written)
        self._check(before, written)
        self._pass()
        return True

    def _pass(self) -> None:
        """Time goes on; what runs out is late, as the sweep would mark it."""
        at = self.case.at + timedelta(days=self.dice.choice([0, 0, 1, 5, 40]))
        clocks = tuple(
            replace(r, status="late") if r.status == "running" and r.due_at <= at else r
            for r in self.case.clocks
        )
        late = any(r.status == "late" for r in clocks)
        self.case = replace(self.case, at=at, clocks=clocks, overdue=late)

    def _folded(self, act: Act, by: Actor, written: Mapping[str, Any]) -> Snapshot:
        """The case as the ledger would tell it afterwards."""
        case, columns = self.case, written.get("case", {})
        clocks = {(r.seq, r.name): r for r in case.clocks}
        clocks |= {(row["seq"], row["name"]): Run(**row) for row in written.get("clocks", [])}
        tasks = {(t.seq, t.n): t for t in case.tasks}
        tasks |= {
            (row["seq"], row["n"]): OpenTask(**{**row, "unit": row["unit"] or columns.get(
                "unit", case.unit)}) for row in written.get("tasks", [])
        }  # fmt: skip
        unit = columns.get("unit", case.unit)
        hidden = tuple(columns.get("hidden", case.hidden))
        account = str(by.account) if isinstance(by, Holder) else None
        return replace(
            case, state=self.mechanism.state(columns.get("state", case.state.name)), unit=unit,
            post=columns.get("post", case.post), offered=columns.get("offered", case.offered),
            units=tuple(columns.get("units", case.units)), hidden=hidden,
            confined=columns.get("confined", case.confined),
            urgent=columns.get("urgent", case.urgent), weight=columns.get("weight", case.weight),
            facts=columns.get("facts", case.facts), overdue=columns.get("overdue", case.overdue),
            category=columns.get("category", case.category),
            closed_at=columns.get("closed_at", case.closed_at), seq=case.seq + 1,
            holder_place=place_of(unit),
            **_above(unit, hidden, columns.get("facts", case.facts).get("from_unit")),
            last={**case.last, act.name: account},
            clocks=tuple(r for r in clocks.values() if r.ended_at is None),
            tasks=tuple(t for t in tasks.values() if t.done_at is None),
        )  # fmt: skip

    def _must(self, truth: bool, what: str) -> None:
        if not truth:
            raise Broken(f"{what}: {self.mechanism.name}, {', '.join(self.told)}")

    def _check(self, before: Snapshot, written: Mapping[str, Any]) -> None:
        case, hidden = self.case, set(self.case.hidden)
        self._must(case.unit in case.units, "the holder is not concerned")
        self._must(not {case.unit, case.post, *case.units} & hidden, "the accused has it")
        given = {t.unit for t in case.tasks} | {t.post for t in case.tasks}
        self._must(not given & hidden, "the accused has a task")
        self._must(set(before.hidden) <= hidden, "the accused is let in again")
        busy = any(r.status != "paused" for r in case.clocks) or bool(case.tasks)
        self._must(busy != case.state.final, "open with nothing due, or closed with something due")
        self._check_clocks(before, written)

    def _check_clocks(self, before: Snapshot, written: Mapping[str, Any]) -> None:
        """Every clock that must run is there; one that ended says how, and had to."""
        case = self.case
        wanted = transition.wanted_clocks(
            self.mechanism, case.state, category=case.category, channel=case.channel,
            offered=case.offered, green=bool(case.facts.get("green")),
            level=level_of(case.holder_place),
        )  # fmt: skip
        still = {r.name for r in case.clocks}
        pausing = {c.name for c in self.mechanism.clocks if case.state in c.pauses_in}
        self._must(set(wanted) <= still, f"a clock died: {set(wanted) - still}")
        self._must(still <= set(wanted) | pausing, f"a clock runs on: {still - set(wanted)}")
        self._must(len(still) == len(case.clocks), "a clock runs twice")
        for row in written.get("clocks", []):
            if row["ended_at"] is not None:
                self._must(row["status"] in DONE, f"{row['name']} ended without a word")


def walk(mechanism: Mechanism, sequences: int, *, seed: int, length: int = 14) -> Counter[str]:
    """So many sequences; returns what was done how often. Raises Broken."""
    dice, done, tried = random.Random(seed), Counter[str](), Counter[str]()  # noqa: S311
    for _ in range(sequences):
        done += Walk(mechanism, dice, tried).go(length)
    return done


def reachable(mechanism: Mechanism) -> set[str]:
    """Acts that somebody other than time may do."""
    return {x.name for x in linkage.acts_of(mechanism)
            if {r.tie for r in x.roles} != {Tie.TIMER}}  # fmt: skip
