"""The benchmark of the nation, with few rows: its copies count as the lived cases do."""

import pytest
from django.db import connections
from rich.console import Console

from gongzhi.cases.replay import MONTHS
from gongzhi.cases.rollups import fold
from gongzhi.site.bench import filling
from gongzhi.site.bench.national import copies, lives

COPIES = 600
# Every figure of a day that a copy adds, taken from the ledger of the case that it is a copy of.
RECOUNTED = """
SELECT f.key, sum(f.value::bigint * of.cases) FROM cases_entry e
JOIN cases_case c ON (c.county, c.id) = (e.county, e.case_id)
JOIN (SELECT category, state, overdue, count(*) AS cases FROM cases_case GROUP BY 1, 2, 3) of
    USING (category, state, overdue),
    jsonb_each_text(e.changes->'figures') f
WHERE NOT starts_with(f.key, 'now.') GROUP BY 1
"""


def test_copies_have_the_figures_of_what_was_lived(fresh_database: str) -> None:
    filling.organise()
    copies.load(lives.lived(), COPIES, Console(quiet=True))
    fold()
    copies.agree()
    with connections["owner"].cursor() as run:
        run.execute(RECOUNTED)
        recounted = dict(run.fetchall())
        for digits in (2, 4, 6, 9, 12):
            run.execute(
                "SELECT figure, sum(n) FROM cases_daily WHERE length(place) = %s GROUP BY 1",
                [digits],
            )
            assert dict(run.fetchall()) == recounted
        run.execute(MONTHS)
        assert not run.fetchall()
        run.execute(
            "SELECT count(*) FROM cases_case"
            " WHERE closed_at > now() OR is_open AND overdue <> (due_at < now())"
        )
        assert run.fetchone() == (0,)
        run.execute("UPDATE cases_stock SET n = n + 1 WHERE place = '44'")
    with pytest.raises(copies.Disagree):
        copies.agree()
