"""Who does what in petitions."""

from gongzhi.declare import Level, Role, Tie

OFFICES = (Level.PROVINCE, Level.CITY, Level.COUNTY, Level.TOWN)

resident = Role("resident", "群众", tie=Tie.ANYONE)
registrar = Role("registrar", "登记人", kinds=("clerk", "handler", "grid_member"), tie=Tie.PLACE)
desk = Role("desk", "信访专员", kinds=("clerk", "handler"))
handler = Role("handler", "承办人", kinds=("handler", "clerk"))
leader = Role("leader", "分管领导", kinds=("leader",))
# Whoever sent it down, or stands above, can verify where the holder has nobody else.
verifier = (
    Role("verifier", "核实人", kinds=("clerk", "handler", "leader")),
    Role("sender", "交办单位", kinds=("clerk", "handler"), at=OFFICES, tie=Tie.JOINED),
    Role("overseer", "上级信访专员", kinds=("clerk", "handler"), at=OFFICES, tie=Tie.ABOVE),
)
inspector = Role("inspector", "纪检监察人员", kinds=("inspector",))
party = Role("party", "信访人", tie=Tie.PARTY)
