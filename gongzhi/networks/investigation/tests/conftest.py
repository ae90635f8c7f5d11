"""A county's line of posts, and a round declared in it."""

from datetime import date
from typing import Any

import pytest

from gongzhi.cases.testing import BEGAN, LINE, Cast, make_cast
from gongzhi.networks.investigation import rounds
from gongzhi.networks.investigation.models import Round
from gongzhi.people.posts import Holder

COUNTY, TOWN, VILLAGE = LINE[2:]
BARE = "441226114203"  # a village of the town where nobody has a post
MONDAY = date(2026, 1, 5)


def told(**changes: Any) -> dict[str, Any]:
    """As a leader fills it in."""
    return {
        "place": TOWN, "level": 5, "kinds": ["mediator"], "title": "岁末欠薪排查",
        "wanted": "有没有拖欠工资\n有没有停工的工地", "mechanism": "mediation",
        "category": "wages", "begins_on": MONDAY, "ends_on": date(2026, 1, 9),
        "repeats": "once", "times": 1, **changes,
    }  # fmt: skip


def declared(by: Holder, **changes: Any) -> Round:
    return rounds.declare(told(**changes), now=BEGAN, by=by)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()
