"""Who does what in work safety."""

from typing import Final

from gongzhi.declare import Level, Role, Tie

ENTERPRISE: Final = "enterprise"  # the unit of a firm that has an account here
OWN: Final = ("safety_officer", "enterprise_head")
OFFICIALS: Final = ("safety_inspector", "handler", "clerk", "leader")
LEADERS: Final = ("leader",)
# Who notes on site what a firm has rectified, since a small firm has no account here. Leaders do
# not: there must be somebody left in the office who looks again.
NOTING: Final = ("safety_inspector", "handler", "clerk")
# Whoever finds: officials, grid members, experts who check across, and the firm itself.
FINDERS: Final = (*OFFICIALS, *OWN, "grid_member", "expert")

worker = Role("worker", "职工、群众", tie=Tie.ANYONE)
finder = Role("finder", "排查人", kinds=FINDERS, tie=Tie.PLACE)
official = Role("official", "监管人员", kinds=OFFICIALS)
noting = Role("noting", "监管人员（代企业登记）", kinds=NOTING)
leader = Role("leader", "监管单位负责人", kinds=LEADERS)
upper = Role("upper", "上级监管单位", kinds=OFFICIALS,
             at=(Level.PROVINCE, Level.CITY, Level.COUNTY), tie=Tie.ABOVE)  # fmt: skip
# The firm is called in beside the authority that holds the case; it never holds it.
firm = Role("firm", "企业", kinds=OWN, tie=Tie.JOINED)
party = Role("party", "报告人", tie=Tie.PARTY)
