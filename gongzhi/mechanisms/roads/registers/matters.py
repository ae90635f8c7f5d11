"""What may be wrong at a road 事项: thirty-eight matters in four groups, each with a duty list.

The article names the four groups and the number of lists; which matters they are is ours, drafted
from the duties that public law gives road authorities, traffic police and places, for a city to
confirm or change (docs/law/roads.md).
"""

from typing import Final

from django.utils.translation import gettext_noop as _

# Group -> what it is called, and its matters (name, label).
GROUPS: Final[dict[str, tuple[str, tuple[tuple[str, str], ...]]]] = {
    "black_spots": (
        _("事故多发点段"),
        (
            ("guard_rail", _("护栏缺损")),
            ("sight", _("视线遮挡")),
            ("surface", _("路面病害")),
            ("sign", _("标志标线缺损")),
            ("lamp", _("路灯不亮")),
            ("slope", _("边坡塌方")),
            ("bridge", _("桥梁病害")),
            ("bend", _("急弯陡坡")),
            ("waterside", _("临水临崖")),
            ("black_spot", _("事故黑点综合治理")),
        ),
    ),
    "junctions": (
        _("路口乱象"),
        (
            ("junction", _("路口视距不足")),
            ("signal", _("信号灯故障")),
            ("crossing", _("人行横道缺失")),
            ("speed_hump", _("减速设施缺失")),
            ("parking", _("违法停车")),
            ("occupation", _("占道经营")),
            ("access", _("违法开口搭接")),
            ("school_front", _("学校门口秩序")),
            ("market", _("集市占道")),
            ("overload", _("车辆超员载人")),
        ),
    ),
    "rescue": (
        _("应急救援"),
        (
            ("accident", _("交通事故救援")),
            ("chemicals", _("危险化学品车辆事故")),
            ("water", _("车辆落水")),
            ("landslide", _("滑坡落石阻断")),
            ("washout", _("水毁断路")),
            ("bridge_danger", _("桥梁险情")),
            ("weather", _("冰雪浓雾暴雨")),
            ("breakdown", _("大型车辆故障堵塞")),
            ("debris", _("路面抛洒物")),
        ),
    ),
    "rural": (
        _("农村公路路长"),
        (
            ("drying", _("打场晒粮")),
            ("animals", _("牲畜上路")),
            ("weeds", _("路肩杂草绿化")),
            ("drainage", _("边沟排水堵塞")),
            ("cleaning", _("路面保洁")),
            ("property", _("路产路权受损")),
            ("heavy_lorries", _("超限超载")),
            ("building", _("公路用地内违法建设")),
            ("other", _("其他")),
        ),
    ),
}
MATTERS: Final = tuple(one for _label, matters in GROUPS.values() for one in matters)


def group_of(matter: str) -> str:
    """The group that a declared matter belongs to; of one that a city added, the last."""
    found = (g for g, (_label, matters) in GROUPS.items() if matter in dict(matters))
    return next(found, "rural")
