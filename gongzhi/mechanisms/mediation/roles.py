"""Who does what in mediation."""

from gongzhi.declare import Level, Role, Tie

resident = Role("resident", "群众", tie=Tie.ANYONE)
registrar = Role(
    "registrar",
    "登记人",
    kinds=("clerk", "mediator", "judicial_officer", "judge", "grid_member", "handler"),
    tie=Tie.PLACE,
)
desk = Role("desk", "受理人", kinds=("clerk", "judicial_officer", "mediator"))
clerk = Role("clerk", "受理专员", kinds=("clerk", "judicial_officer"))
mediator = Role(
    "mediator",
    "调解员",
    kinds=("mediator", "clerk", "judicial_officer"),
    at=(Level.CITY, Level.COUNTY, Level.TOWN, Level.VILLAGE),
    tie=Tie.ASSIGNED,
)
joint = Role(
    "joint",
    "联合调解人",
    kinds=("judge", "judicial_officer", "mediator", "lawyer", "expert", "handler"),
    tie=Tie.JOINED,
)
# A studio or a village has one mediator and nobody else who could verify: whoever sent the case
# there can, or the town above.
closer = (
    clerk,
    Role("sender", "移交单位", kinds=("clerk", "judicial_officer"), tie=Tie.JOINED),
    Role("overseer", "上级受理专员", kinds=("clerk", "judicial_officer"), tie=Tie.ABOVE),
)
court = Role("court", "联系法官", kinds=("judge",), tie=Tie.JOINED)
president = Role("president", "法院院长", kinds=("leader",), tie=Tie.JOINED)
bench = Role("bench", "承办法官", kinds=("judge",))
arbitrator = Role("arbitrator", "仲裁员", kinds=("arbitrator",))
party = Role("party", "当事人", tie=Tie.PARTY)
