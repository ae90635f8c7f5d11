"""What a site is and what is done there 场所情况: it decides which checks apply."""

from typing import Final

from django.utils.translation import gettext_lazy as _

FACTS: Final = {
    "hot_work": _("动火作业"), "confined_space": _("有限空间"), "high_place": _("高处作业"),
    "temporary_power": _("临时用电"), "excavation": _("动土和开挖"), "demolition": _("拆除"),
    "blasting": _("爆破"), "scaffold": _("脚手架"), "construction_site": _("施工工地"),
    "dust": _("可燃性粉尘"), "chlorine_ammonia": _("液氯和液氨"),
    "dangerous_chemicals": _("危险化学品"), "gas_use": _("使用燃气或煤气"),
    "lpg": _("液化石油气"), "oil_tank": _("油罐"), "fireworks": _("烟花爆竹"),
    "boiler": _("锅炉"), "pressure_vessel": _("压力容器和管道"),
    "lift": _("电梯"), "crane": _("起重和吊装"), "forklift": _("叉车"),
    "stamping": _("冲压和剪切"), "woodworking": _("木工机械"), "molten_metal": _("熔融金属"),
    "spray_painting": _("喷漆和喷涂"), "refrigeration": _("制冷和冷库"),
    "storage": _("仓库和堆场"), "dormitory": _("员工宿舍"), "kitchen": _("厨房和食堂"),
    "public_gathering": _("人员密集"), "elderly_children": _("老人和儿童"),
    "school": _("学校和幼儿园"), "hospital": _("医院和诊所"),
    "electric_bike": _("电动自行车"), "outdoor_advert": _("户外广告和招牌"),
    "glass_curtain": _("玻璃幕墙"), "transport_vehicles": _("营运车辆"),
    "port_ship": _("港口和船舶"), "mine": _("矿山"), "tailings": _("尾矿库"),
    "contractor": _("外包或承租单位"), "night_shift": _("夜班"),
}  # fmt: skip
