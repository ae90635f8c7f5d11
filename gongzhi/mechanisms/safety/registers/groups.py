"""Groups of the catalogue 隐患类别: what hazards are counted by; items are the city's edition."""

from typing import Final

GROUPS: Final = (
    ("management", "安全管理"),
    ("fire", "消防安全"),
    ("electricity", "用电安全"),
    ("special_equipment", "特种设备"),
    ("special_work", "危险作业"),
    ("machinery", "机械设备"),
    ("dust_gas", "粉尘、燃气、有毒气体"),
    ("chemicals", "危险化学品、烟花爆竹"),
    ("construction", "建筑施工"),
    ("mining", "矿山、尾矿库"),
    ("traffic", "交通运输、水上"),
    ("public", "人员密集场所、经营场所"),
    ("weather", "防汛防风防雷"),
    ("other", "其他"),
)
