"""Who does what on roads."""

from gongzhi.declare import Level, Role, Tie

CHIEFS = ("road_chief",)
STAFF = ("road_chief", "clerk", "handler")
OVER = (Level.CITY, Level.COUNTY, Level.TOWN)

passer_by = Role("passer_by", "过路群众", tie=Tie.ANYONE)
finder = Role("finder", "巡查人", kinds=(*STAFF, "grid_member"), tie=Tie.PLACE)
chief = Role("chief", "路长", kinds=STAFF)
upper_chief = Role("upper_chief", "上级路长", kinds=CHIEFS, at=OVER, tie=Tie.ABOVE)
party = Role("party", "报告人", tie=Tie.PARTY)
