"""What residents ask for 诉求类别: declared here, added to and renamed by the city (ADR 17)."""

from typing import Final

from django.utils.translation import gettext_noop as _

MATTERS: Final = (
    ("leak", _("漏水渗水")),
    ("drain", _("下水道堵塞、污水")),
    ("lift", _("电梯故障")),
    ("power", _("停电、楼道照明")),
    ("water_supply", _("停水、水压")),
    ("gas", _("燃气")),
    ("fire_passage", _("消防通道、消防设施")),
    ("charging", _("电动自行车停放充电")),
    ("falling", _("外墙脱落、高空坠物")),
    ("rubbish", _("垃圾清运、卫生")),
    ("noise", _("噪声扰民")),
    ("parking", _("停车")),
    ("property", _("物业服务")),
    ("order", _("治安秩序")),
    ("care", _("老人、残疾人帮扶")),
    ("trees", _("绿化、树木")),
    ("pests", _("虫鼠")),
    ("papers", _("办事咨询")),
    ("other", _("其他")),
)
