"""Groups of the catalogue 隐患大类: hazards are counted by them, categories stand under."""

from typing import Final

from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _

GROUPS: Final = (
    ("management", _("安全管理")),
    ("fire", _("消防安全")),
    ("electricity", _("电气安全")),
    ("special_work", _("危险作业")),
    ("public", _("场所安全")),
    ("special_equipment", _("特种设备")),
    ("storage", _("仓储物流与公共设施")),
    ("machinery", _("机械与金属加工")),
    ("dust", _("木业与粉尘防爆")),
    ("light_industry", _("建材与轻工纺织")),
    ("food", _("食品与制冷")),
    ("coating", _("涂装与电子")),
    ("recycling", _("环保与回收")),
    ("chemicals", _("危险化学品与燃气")),
    ("mining", _("矿山")),
    ("construction", _("建筑与道路施工")),
    ("traffic", _("交通与水上")),
    ("tourism_farming", _("文旅农林能源")),
    ("other", _("其他")),
)
# In the reader's language.
LABELS: Final = {name: gettext_lazy(label) for name, label in GROUPS}
