"""Who does the acts that every mechanism has."""

from gongzhi.declare import Level, Role, Tie

holder = Role("holder", "承办单位", tie=Tie.HOLDS)
joined = Role("joined", "协办单位", tie=Tie.JOINED)
superior = Role("superior", "上级", kinds=("leader", "clerk"), tie=Tie.ABOVE)
leader_above = Role("leader_above", "上级领导", kinds=("leader",), tie=Tie.ABOVE)
own_leader = Role("own_leader", "本级领导", kinds=("leader",), tie=Tie.HOLDS)
in_charge = Role("in_charge", "包案领导", kinds=("leader",), tie=Tie.CHARGE)
convenor = (
    Role("convenor", "联席会议召集单位", kinds=("leader", "clerk"), tie=Tie.JOINED),
    Role("own_convenor", "联席会议召集单位（本单位）", kinds=("leader", "clerk"), tie=Tie.HOLDS),
)
convenor_above = Role("convenor_above", "上级召集单位", kinds=("leader", "clerk"), tie=Tie.ABOVE,
                      at=(Level.PROVINCE, Level.CITY, Level.COUNTY))  # fmt: skip
manager = Role("manager", "单位管理人", kinds=("leader", "administrator"), tie=Tie.HOLDS)
party = Role("party", "当事人", tie=Tie.PARTY)
