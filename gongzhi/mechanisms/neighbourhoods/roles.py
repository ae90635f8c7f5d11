"""Who does what in the neighbourhood."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from gongzhi.declare import Level, Role, Tie

# The six-level team 六级邻里先锋队, the highest first; each is a kind of post.
RUNGS: Final = {
    "first_secretary": _("第一书记"),
    "district_contact": _("区直联系单位领导"),
    "street_contact": _("街道联系领导"),
    "community_secretary": _("社区党组织书记"),
    "grid_head": _("网格长"),
    "building_chief": _("楼长"),
}
CHIEF = "building_chief"
GRID_HEAD = "grid_head"
TEAM = "building_team"  # the unit of a building's chief and deputies
STAFF = (CHIEF, "grid_head", "community_secretary", "clerk", "handler", "leader")
OVER = (Level.CITY, Level.COUNTY, Level.TOWN, Level.VILLAGE)

resident = Role("resident", "居民", tie=Tie.ANYONE)
noter = Role("noter", "代居民登记的人", kinds=(*STAFF, "grid_member"), tie=Tie.PLACE)
chief = Role("chief", "楼长", kinds=STAFF)
staff = Role("staff", "承办人", kinds=STAFF)
upper = Role("upper", "上级", kinds=("leader", "community_secretary", "clerk"), at=OVER,
             tie=Tie.ABOVE)  # fmt: skip
party = Role("party", "诉求人", tie=Tie.PARTY)
