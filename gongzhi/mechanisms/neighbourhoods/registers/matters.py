"""What residents ask for 诉求类别: declared here, added to and renamed by the city (ADR 17)."""

from typing import Final

MATTERS: Final = (
    ("leak", "漏水渗水"),
    ("drain", "下水道堵塞、污水"),
    ("lift", "电梯故障"),
    ("power", "停电、楼道照明"),
    ("water_supply", "停水、水压"),
    ("gas", "燃气"),
    ("fire_passage", "消防通道、消防设施"),
    ("charging", "电动自行车停放充电"),
    ("falling", "外墙脱落、高空坠物"),
    ("rubbish", "垃圾清运、卫生"),
    ("noise", "噪声扰民"),
    ("parking", "停车"),
    ("property", "物业服务"),
    ("order", "治安秩序"),
    ("care", "老人、残疾人帮扶"),
    ("trees", "绿化、树木"),
    ("pests", "虫鼠"),
    ("papers", "办事咨询"),
    ("other", "其他"),
)
