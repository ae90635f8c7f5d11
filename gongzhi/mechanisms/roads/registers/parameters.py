"""Numbers by which the registers of roads count 参数; a city or county sets its own."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from gongzhi.cases.parameters import Known, Parameters
from gongzhi.declare import Level

GROUPS: Final[Mapping[str, Any]] = {
    "spots": _("事故多发点段怎样认定"),
    "rescue": _("应急救援到场目标（分钟）"),
    "league": _("部门比较"),
}
KNOWN: Final[Mapping[str, Known]] = {
    "spots.accidents": Known(_("至少几起事故"), 3, 2, 50, "spots"),
    "spots.metres": Known(_("多长的路段以内（米）"), 500, 100, 5000, "spots"),
    "spots.months": Known(_("几个月以内"), 12, 1, 60, "spots"),
    "spots.injured": Known(_("只数有人伤亡的"), 1, 0, 1, "spots"),
    "rescue.police": Known(_("交警"), 20, 1, 1440, "rescue"),
    "rescue.medical": Known(_("医疗急救"), 20, 1, 1440, "rescue"),
    "rescue.fire": Known(_("消防救援"), 20, 1, 1440, "rescue"),
    "rescue.road": Known(_("公路管理"), 60, 1, 1440, "rescue"),
    "rescue.town": Known(_("镇（街道）"), 40, 1, 1440, "rescue"),
    "league.least": Known(_("少于多少次不排序、只注明样本太少"), 10, 1, 1000, "league"),
}
ROADS: Final = Parameters(
    "roads", KNOWN, ours=_("本平台默认值，各地做法不同，由市、县确定"), level=Level.COUNTY,
    refusal=_("县级以上的领导或管理员才能改参数。"),
)  # fmt: skip
