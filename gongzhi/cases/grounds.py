"""On what a whistle may be blown 吹哨情形, and how soon departments report in and act.

A whistle has a gate: named grounds only. The limits are ours until a city sets others
(cases/limits.py): urgent 30 minutes and 24 hours, otherwise 24 hours and 7 days.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from gongzhi.declare import Clock, Span, days, hours, minutes, working_days

LAW = "docs/adr/0022-whistle-and-report.md"
# Names of tasks, from the call to the check.
REPORT_IN, REMEDY, DECIDE, INSPECT, CHASE = (
    "report_in", "remedy", "decide_duty", "inspect", "chase",
)  # fmt: skip
UNDER_WAY = (REPORT_IN, REMEDY, DECIDE, INSPECT)
# How soon departments reported in, for a median that needs no single time: up to so many minutes.
BUCKETS = (30, 60, 240, 1440, 4320)


@dataclass(frozen=True, slots=True)
class Ground:
    """On what a whistle may be blown 吹哨情形, how soon to report in and to act, and how long each
    rung of the chase is."""

    name: str
    label: Any
    report: Clock
    remedy: Clock
    report_rung: Span
    remedy_rung: Span


# fmt: off
_URGENT_REPORT = Clock("whistle_urgent_report", "吹哨报到期限（紧急）", minutes(30), runs_in=(),
                       law=LAW, promise=True)
_URGENT_ACT = Clock("whistle_urgent_remedy", "吹哨处置期限（紧急）", hours(24), runs_in=(), law=LAW,
                    promise=True)
_REPORT = Clock("whistle_report", "吹哨报到期限", hours(24), runs_in=(), law=LAW, promise=True)
_ACT = Clock("whistle_remedy", "吹哨处置期限", days(7), runs_in=(), law=LAW, promise=True)
# What a city may set other limits for.
CLOCKS = (_URGENT_REPORT, _URGENT_ACT, _REPORT, _ACT)

URGENT = Ground("urgent", _("有现实危险，须马上处置"), _URGENT_REPORT, _URGENT_ACT, minutes(30),
                hours(12))
BEYOND = Ground("beyond", _("超出本级职责或能力"), _REPORT, _ACT, hours(24), working_days(2))
SEVERAL = Ground("several", _("要几个部门一起办"), _REPORT, _ACT, hours(24), working_days(2))
# fmt: on
GROUNDS = {g.name: g for g in (URGENT, BEYOND, SEVERAL)}
