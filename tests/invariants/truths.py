"""What must be true of all cases after every act, whatever anybody tried: the invariants."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import connection
from hypothesis.stateful import RuleBasedStateMachine, invariant

from gongzhi.cases import linkage, replay, rollups, sealed
from gongzhi.cases.act import Receipt
from gongzhi.cases.testing import LINE, OUTSIDE, PHONE, Cast
from gongzhi.declare import Mechanism, Phase, Tie
from gongzhi.people.models import Appointment
from gongzhi.people.posts import Holder, Resident
from gongzhi.people.scope import within
from tests.invariants import reading, retelling

TAIL = sealed.tail_index(PHONE)
MINE = ("case", "entry", "task", "clockrun", "party", "sealed", "attachment", "link")
SEEN = " UNION ".join(
    f"SELECT {'id' if name == 'case' else 'case_id'} AS id FROM cases_{name}"  # noqa: S608
    for name in MINE
)


def seen_by(by: Holder | Resident, tables: str = "SELECT id FROM cases_case") -> set[UUID]:
    """The cases of which a query without any filter shows something."""
    with within(by.scope), connection.cursor() as cursor:
        cursor.execute(tables)
        return {id_ for (id_,) in cursor.fetchall()}


class Truths(RuleBasedStateMachine):
    """The invariants, and what the machine remembers to ask them."""

    cast: Cast
    mechanism: Mechanism
    appointments: list[Appointment]
    phones: dict[UUID, str]
    tally: Counter[str]

    now: datetime
    known: list[Holder]
    cases: list[UUID]
    accused: dict[UUID, set[UUID]]
    unseen_hand_overs: set[UUID]
    latest_erasure: datetime
    sent: list[tuple[Callable[[], Receipt], Receipt]]
    ledger: dict[tuple[UUID, int], bytes]

    @property
    def people(self) -> list[Holder]:
        """As they would sign in now: with their other posts known."""
        held = reading.held(self.now)
        return [
            replace(h, also=tuple(held.get(h.account, set()) - {h.post, h.unit}))
            for h in self.known
        ]

    def persons_in(self, post_or_unit: UUID) -> set[UUID]:
        """Who may act in a post, or in any post of a unit, now; deputies too."""
        found = reading.rows(
            "SELECT account_id FROM people_appointment a JOIN people_post p ON p.id = a.post_id"
            " WHERE %s IN (p.id, p.unit_id)"
            " AND tstzrange(held_from, held_to) @> %s::timestamptz", [post_or_unit, self.now],
        )  # fmt: skip
        return {row["account_id"] for row in found}

    def with_persons(self, ids: set[UUID]) -> set[UUID]:
        """Those complained about, and who works there."""
        return ids.union(*(self.persons_in(one) for one in ids))

    def complained_about(self, case: UUID, more: set[UUID]) -> None:
        if not more <= self.accused[case]:
            self.accused[case] = self.with_persons(self.accused[case] | more)

    def in_post(self, post: UUID) -> list[reading.Row]:
        return reading.rows(
            "SELECT account_id FROM people_appointment WHERE post_id = %s AND held_to IS NULL",
            [post],
        )

    @invariant()
    def an_open_case_has_one_holder_and_something_due(self) -> None:
        stuck = reading.rows(
            "SELECT number, is_open FROM cases_case c WHERE is_open <> (EXISTS ("
            " SELECT 1 FROM cases_clockrun k WHERE (k.county, k.case_id) = (c.county, c.id)"
            " AND k.status IN ('running', 'late') AND k.ended_at IS NULL)"
            " OR EXISTS (SELECT 1 FROM cases_task t"
            " WHERE (t.county, t.case_id) = (c.county, c.id) AND t.done_at IS NULL))"
        )
        assert stuck == [], "open with nothing due, or closed with something due"
        astray = reading.rows(
            "SELECT number FROM cases_case c LEFT JOIN people_unit u ON u.id = c.unit"
            " LEFT JOIN people_post p ON p.id = c.post"
            " WHERE u.id IS NULL OR NOT c.unit = ANY (c.units)"
            " OR c.post IS NOT NULL AND p.unit_id IS DISTINCT FROM c.unit"
        )
        assert astray == [], "held by no unit, or by a post of another unit"

    @invariant()
    def the_ledger_tells_everything_and_only_grows(self) -> None:
        assert replay.verify() == []
        now = {(r["case_id"], r["seq"]): bytes(r["hash"])
               for r in reading.rows("SELECT case_id, seq, hash FROM cases_entry")}  # fmt: skip
        assert self.ledger.items() <= now.items()
        self.ledger = now

    @invariant()
    def the_accused_neither_holds_nor_sees_nor_is_told(self) -> None:
        for row in reading.cases():
            accused = self.accused[row["id"]]
            assert accused == set(row["hidden"])
            tasks = reading.rows(
                "SELECT unit, post FROM cases_task WHERE case_id = %s AND done_at IS NULL",
                [row["id"]],
            )
            told = {row["unit"], row["post"], *row["units"]}
            told |= {t["unit"] for t in tasks} | {t["post"] for t in tasks}
            assert not told & accused
            if row["post"] and row["id"] not in self.unseen_hand_overs and row["is_open"]:
                assert not {h["account_id"] for h in self.in_post(row["post"])} & accused
            for by in self.people:
                if {*by.ids} & accused:
                    assert row["id"] not in seen_by(by)

    @invariant()
    def nobody_sees_more_or_less_than_their_scope(self) -> None:
        rows = reading.cases()
        for by in [h for (_, kind), h in self.cast.posts.items() if kind == "judge"]:
            assert seen_by(by) == {r["id"] for r in rows if reading.sees(by, r)}, by
        assert seen_by(Resident()) == set()

    def check_every_scope_and_table(self) -> None:
        rows = reading.cases()
        for by in self.people:
            assert seen_by(by, SEEN) == {r["id"] for r in rows if reading.sees(by, r)}, by
        for id_ in self.cases:
            assert seen_by(Resident(case=id_, tail=TAIL), SEEN) == {id_}
        assert seen_by(Resident(), SEEN) == set()

    @invariant()
    def figures_equal_a_recount(self) -> None:
        places = [*LINE, OUTSIDE]
        with within(replace(self.cast["44", "leader"].scope, place="44")):
            stocks = rollups.stocks(places, mechanism=self.mechanism.name)
        open_now = [r for r in reading.cases() if r["is_open"]]
        held_at = {r["id"]: len(reading.place_of_unit(r["unit"])) for r in open_now}
        for place in places:
            rows = [r for r in open_now if reading.counted_at(r).startswith(place)]
            of = stocks.get(place, {})
            for phase in Phase:
                n = sum(r["phase"] == phase for r in rows)
                assert of.get(f"now.open.{phase}", 0) == n, (place, phase)
            assert of.get("now.overdue", 0) == sum(r["overdue"] for r in rows)
            weighed = Counter(f"now.weight.{r['weight']}" for r in rows if r["weight"])
            assert {k: n for k, n in of.items() if k.startswith("now.weight.") and n} == weighed
            for digits, level in retelling.LEVELS.items():
                held = [r for r in rows if held_at[r["id"]] == digits]
                assert of.get(f"now.held.{level}", 0) == len(held), (place, level)
                late = sum(r["overdue"] for r in held)
                assert of.get(f"now.late.{level}", 0) == late, (place, level)

    @invariant()
    def the_clocks_of_its_state_run_and_no_others(self) -> None:
        for row in reading.cases():
            retelling.clocks_fit(self.mechanism, row)

    def teardown(self) -> None:
        """At the end of a life: everybody's scope, and the whole story told by the ledger."""
        self.check_every_scope_and_table()
        self.check_states()
        for id_ in self.cases:
            retelling.clocks_follow_the_ledger(self.mechanism, id_)
        kept, told = retelling.figures_kept(), retelling.figures_told(self.mechanism)
        assert kept == told, {k: (kept[k], told[k]) for k in {**kept, **told} if kept[k] != told[k]}

    def check_states(self) -> None:
        """A state changes only by a declared act from where it is declared to begin."""
        acts = {a.name: a for a in (self.mechanism.starts, *linkage.acts_of(self.mechanism))}
        for id_ in self.cases:
            state = ""
            last: dict[str, UUID | None] = {}
            for e in reading.rows("SELECT * FROM cases_entry WHERE case_id = %s ORDER BY seq",
                                  [id_]):  # fmt: skip
                assert e["before"] == state
                state = e["after"]
                if e["act"] == "breach":
                    assert (e["account"], e["before"]) == (None, e["after"])
                    continue
                done = acts[e["act"]]
                assert e["after"] == (done.then.name if done.then else e["before"])
                if done is not self.mechanism.starts:
                    assert e["before"] in {s.name for s in self.mechanism.sources(done)}
                ties = {r.tie for r in done.roles}
                assert e["account"] or ties & {Tie.PARTY, Tie.ANYONE, Tie.TIMER}
                if done.by_other_than:
                    assert e["account"] != last.get(done.by_other_than.name)
                last[e["act"]] = e["account"]
