"""How a hazard is ranked 排序: by LEC or by a matrix, and by the criteria of major hazards.

D = L × E × C; the usual tables [M], bounds belonging to the higher class (domain reference).
"""

from decimal import Decimal
from typing import Final

from django.utils.translation import gettext_lazy as _

RED, ORANGE, YELLOW, BLUE = "red", "orange", "yellow", "blue"
RANKS: Final = {
    RED: _("红色（停产停业）"), ORANGE: _("橙色（高）"), YELLOW: _("黄色（显著）"),
    BLUE: _("蓝色（一般）"),
}  # fmt: skip
LEC, MATRIX = "lec", "matrix"
WAYS: Final = {LEC: _("LEC"), MATRIX: _("风险矩阵")}
# Likelihood, exposure, consequence: value → in words.
L: Final = {
    "10": _("完全可以预料"), "6": _("相当可能"), "3": _("可能，但不经常"),
    "1": _("可能性小，完全意外"), "0.5": _("很不可能，可以设想"), "0.2": _("极不可能"),
    "0.1": _("实际不可能"),
}  # fmt: skip
E: Final = {
    "10": _("连续暴露"), "6": _("每天工作时间内暴露"), "3": _("每周一次或偶然暴露"),
    "2": _("每月一次暴露"), "1": _("每年几次暴露"), "0.5": _("非常罕见暴露"),
}  # fmt: skip
C: Final = {
    "100": _("许多人死亡"), "40": _("数人死亡"), "15": _("一人死亡"), "7": _("严重伤残"),
    "3": _("有伤残"), "1": _("轻伤，须救护"),
}  # fmt: skip
# From which D on, the highest first.
BOUNDS: Final = ((Decimal(320), RED), (Decimal(160), ORANGE), (Decimal(70), YELLOW))
ORDER: Final = (BLUE, YELLOW, ORANGE, RED)


def d_of(likelihood: str, exposure: str, consequence: str) -> Decimal:
    """Exact: 0.1 × 0.5 is no matter of floats."""
    return Decimal(likelihood) * Decimal(exposure) * Decimal(consequence)


def rank_of(d: Decimal) -> str:
    return next((rank for bound, rank in BOUNDS if d >= bound), BLUE)


def matrix(likelihood: int, gravity: int) -> str:
    """A matrix of five by five: the product from 20 is red, from 12 orange, from 5 yellow [M]."""
    product = likelihood * gravity
    return RED if product >= 20 else ORANGE if product >= 12 else YELLOW if product >= 5 else BLUE


# The order of urgency 轻重缓急, as the case's weight: what nobody has ranked comes last, unless
# there is danger now: then it comes first of all, and somebody has to look.
UNRANKED: Final = 1
DANGER: Final = 10


def weight(rank: str, *, major: bool) -> int:
    """Rank first, and a major hazard before all of its rank."""
    return ORDER.index(rank) * 2 + 2 + major


def weights(rank: str) -> tuple[int, ...]:
    """The weights of a colour; of what is not ranked yet where none is named."""
    if not rank:
        return DANGER, UNRANKED
    return weight(rank, major=True), weight(rank, major=False)


def rank_of_weight(weight: int) -> str:
    """The colour; empty while it is not ranked."""
    return next((rank for rank in RANKS if weight in weights(rank)), "")
