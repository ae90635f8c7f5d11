"""What time and its workers do in a life, whoever else acts: clocks, fallback, erasure."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from gongzhi.cases import rollups
from gongzhi.cases.chasing import chase_late
from gongzhi.cases.fallback import fall_back
from gongzhi.cases.recount import recount
from gongzhi.cases.registers import FallbackRule
from gongzhi.cases.retention import erase_due
from gongzhi.cases.sweep import sweep
from gongzhi.cases.testing import LINE
from tests.invariants import reading
from tests.invariants.stage import as_owner
from tests.invariants.truths import Truths

RUNGS = 3  # each is climbed by itself, however long nobody looked


class Passing(Truths):
    """Time passes, and what is left alone ends where somebody answers for it."""

    @rule()
    def what_is_provisional_is_counted_again(self) -> None:
        """As long as the calendar is the same, so are the times."""
        due = "SELECT county, case_id, seq, name, due_at FROM cases_clockrun ORDER BY 1, 2, 3, 4"
        before = reading.rows(due)
        with as_owner():
            self.tally["recounted"] += recount(now=self.now)
        assert reading.rows(due) == before

    @rule(days=st.sampled_from([0.1, 1, 2, 4, 12, 40, 200]), fold=st.booleans())
    def time_passes(self, days: float, fold: bool) -> None:
        self.now += timedelta(days=days)
        self.tally["fell due"] += sweep(self.now)
        # What time moved may find itself late where it came to.
        self.tally["fell due"] += sweep(self.now)
        assert sweep(self.now) == 0
        self.tally["fell back"] += fall_back(self.now)
        assert fall_back(self.now) == 0
        for _rung in range(RUNGS):
            self.tally["chased"] += chase_late(self.now)
        assert chase_late(self.now) == 0
        if fold:
            rollups.fold()

    def teardown(self) -> None:
        self.they_are_left_alone()
        super().teardown()

    def they_are_left_alone(self) -> None:
        """Where a rule of fallback holds, what nobody touches ends with a leader who answers."""
        if not FallbackRule.objects.exists():
            return
        # To be reminded and to go up, level by level, also of what falls due only on the way.
        for _ in range(4 * len(LINE)):
            self.now += timedelta(days=40)
            due, moved = sweep(self.now), fall_back(self.now)
            self.tally["fell back"] += moved
            if not due + moved:
                break
        left = reading.rows(
            "SELECT number FROM cases_case c WHERE is_open AND overdue AND NOT EXISTS ("
            " SELECT 1 FROM cases_task t WHERE (t.county, t.case_id) = (c.county, c.id)"
            " AND t.done_at IS NULL AND t.name = 'lead')"
        )
        assert left == [], "late, and nobody answers for it"

    @precondition(lambda self: any(not r["is_open"] for r in reading.cases()))
    @rule(hit=st.sampled_from([False, False, True]))
    def what_is_old_is_erased(self, hit: bool) -> None:
        late = timedelta(days=self.mechanism.keep.n + 1) if hit else timedelta(0)
        self.tally["erased"] += erase_due(self.now + late)
        self.latest_erasure = max(self.latest_erasure, self.now + late)
        kept_until = self.latest_erasure - timedelta(days=self.mechanism.keep.n)
        for row in reading.cases():
            old = not row["is_open"] and row["closed_at"] < kept_until
            assert old or row["erased_at"] is None
        left = reading.rows(
            "SELECT count(*) AS n FROM cases_party WHERE erased_at IS NOT NULL"
            " AND (name, phone, tail_index) IS DISTINCT FROM (NULL, NULL, NULL)"
        )
        assert left[0]["n"] == 0
