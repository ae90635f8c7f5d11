"""Chasing 督促: who does not come when called is reminded, then reported to those above.

Each task that is chased carries its three rungs: when it falls due, the department that has it is
reminded; at the second the unit above whoever whistled gets a task to see to it; at the third a
leader of the county, or of what is next above. Times stand in the task, so a changed limit touches
nothing that was said before.
"""

from datetime import datetime

from gongzhi.cases.hands import Work
from gongzhi.declare import OPEN, TIMER, Act

chase = Act("chase", "逾期催办、督促", when=OPEN, by=TIMER, quiet=True)
CHASING = (chase,)


def chase_late(now: datetime) -> int:
    """One entry for each case in which somebody is late. Returns how many cases."""
    return Work(
        "SELECT gz_chase(%(now)s, %(hand)s, %(hands)s, %(batch)s)", {"now": now}
    ).until_done()
