"""The demo's responsibility list 责任清单: petitions by subject to the department of the county.

A list of the demo's own; a city enters what its documents say.
"""

from datetime import timedelta

from django.utils import timezone

from gongzhi.declare import Level
from gongzhi.mechanisms.roads.registers import drafts
from gongzhi.networks.responsibility import entering
from gongzhi.networks.responsibility.lines import Line
from gongzhi.networks.responsibility.models import Duty
from gongzhi.site.demo.city import DEQING, DUANZHOU, City

SUBJECTS = {
    "construction": "planning", "land": "planning", "education": "education",
    "market": "market", "litigation": "justice", "environment": "urban",
}  # fmt: skip
BASIS = "演示：部门职责（以本地三定规定为准）"
SINCE = timedelta(days=180)


def demo_duties(city: City) -> None:
    """Entered by the leaders of two counties, for their own places."""
    now = timezone.now()
    for county in (DEQING, DUANZHOU):
        by = city.of(county, "governance_centre", "leader")
        rows = [
            Duty(
                mechanism="petitions", category=subject, level=Level.COUNTY, place=county,
                valid_from=timezone.localdate() - SINCE,
                lines=[
                    Line("department", BASIS, city.at[county, f"department.{department}"],
                         leads=True),
                    Line("government", BASIS),
                ],
            )
            for subject, department in SUBJECTS.items()
        ]  # fmt: skip
        entering.enter(rows, now=now, by=by)


def demo_road_lists(city: str) -> None:
    """The drafts for roads, which nobody of the city has confirmed."""
    now = timezone.now()
    entering.draft(drafts.lists(city, timezone.localdate(now) - SINCE), now=now)
