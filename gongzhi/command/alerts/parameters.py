"""Numbers by which piles are watched for 参数; what a province has set holds in its cities that
have set nothing."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import Refused
from gongzhi.cases.parameters import Known, Parameters
from gongzhi.declare import Level
from gongzhi.people.posts import Holder

KNOWN: Final[Mapping[str, Known]] = {
    "false": Known(_("全市每周平均最多误报几条"), 1, 1, 20),
    "rate": Known(_("一个序列每周误报率最高万分之几"), 100, 1, 500),
    "least": Known(_("一周少于几件不预警"), 5, 3, 50),
    "weeks": Known(_("和以前多少周比"), 52, 30, 104),
    "gap": Known(_("其中最近几周不算（免得新苗头混进基线）"), 2, 0, 8),
    "history": Known(_("有记录的周数少于几周不判断"), 26, 13, 52),
}
ALERTS: Final = Parameters(
    "alerts", KNOWN, ours=_("本平台默认值，由市确定"), level=Level.CITY,
    refusal=_("市级以上的领导或管理员才能改预警参数。"),
)  # fmt: skip


def set_from(
    said: Mapping[str, int], since: date, source: str, *, now: datetime, by: Holder
) -> int:
    """For one's own place. Returns how many were changed. Raises Refused."""
    then = {**ALERTS.numbers(by.place, since), **said}
    if then["weeks"] - then["gap"] < then["history"]:
        raise Refused(_("比较的周数减去不算的周数，不能少于判断所需的周数。"), field="history")
    return ALERTS.set_from(by.place, said, since, source, now=now, by=by)
