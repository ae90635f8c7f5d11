"""The sizes of firms, the colours of sites, who answers for safety, who checks and what is seen."""

from typing import Final

from django.utils.translation import gettext_lazy as _

# 统计上大中小微型企业划分办法 (2017) [M]: by industry, staff and turnover; told, not computed here.
SIZES: Final = {
    "large": _("大型"), "medium": _("中型"), "small": _("小型"), "micro": _("微型"),
}  # fmt: skip
# The four colours 四色 of dual prevention, the gravest first.
COLOURS: Final = {
    "red": _("红色：重大风险"), "orange": _("橙色：较大风险"), "yellow": _("黄色：一般风险"),
    "blue": _("蓝色：低风险"),
}  # fmt: skip
DUTIES: Final = {
    "head": _("主要负责人"), "officer": _("安全管理人员"), "on_call": _("值班联系人"),
}  # fmt: skip
# Who checks 排查方式; an audit looks at what others have checked.
CHECKS: Final = {
    "self": _("企业自查"), "grid": _("网格巡查"), "department": _("部门检查"),
    "cross": _("专家交叉检查"), "audit": _("安全审计"),
}  # fmt: skip
VERDICTS: Final = {
    "met": _("符合"), "not_met": _("不符合"), "not_applicable": _("不适用"),
}  # fmt: skip
