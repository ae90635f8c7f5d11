"""What the rules on accidents say 生产安全事故报告和调查处理条例 (2007): classes, growth, reports.

Article 3: the classes; 9 to 11: who reports to whom within which time; 13: until when the number
of the dead may grow.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.clocks import local

# By GB/T 6441-1986; accidents on public roads at work are counted too and are no kind of it.
KINDS: Final = {
    "struck": _("物体打击"), "vehicle": _("车辆伤害"), "machine": _("机械伤害"),
    "lifting": _("起重伤害"), "electric": _("触电"), "drowning": _("淹溺"), "burn": _("灼烫"),
    "fire": _("火灾"), "fall": _("高处坠落"), "collapse": _("坍塌"), "roof": _("冒顶片帮"),
    "flooding": _("透水"), "blasting": _("放炮"), "powder": _("火药爆炸"),
    "firedamp": _("瓦斯爆炸"), "boiler": _("锅炉爆炸"), "vessel": _("容器爆炸"),
    "explosion": _("其他爆炸"),
    "poisoning": _("中毒和窒息"), "other": _("其他伤害"), "traffic": _("道路交通（不在该标准内）"),
}  # fmt: skip
GROWS_SHORTER: Final = frozenset({"fire", "traffic"})

GENERAL, LARGER, MAJOR, GRAVEST = "general", "larger", "major", "gravest"
GRADES: Final = {
    GRAVEST: _("特别重大事故"), MAJOR: _("重大事故"), LARGER: _("较大事故"), GENERAL: _("一般事故"),
}  # fmt: skip
# From how many dead, seriously injured and yuan on; the bounds belong to the graver class.
BOUNDS: Final = (
    (GRAVEST, 30, 100, Decimal(100_000_000)),
    (MAJOR, 10, 50, Decimal(50_000_000)),
    (LARGER, 3, 10, Decimal(10_000_000)),
)
# Up to which level an accident of a class is reported.
LEVELS: Final = {
    "county": _("县级部门"), "city": _("市级部门"), "province": _("省级部门"),
    "state": _("国务院部门"),
}  # fmt: skip
REACH: Final = {GENERAL: 2, LARGER: 3, MAJOR: 4, GRAVEST: 4}


def grade_of(deaths: int, injured: int, loss_yuan: Decimal | None) -> str:
    """The graver of the three decides; a loss that is not known yet counts as none."""
    loss = loss_yuan or Decimal()
    return next(
        (grade for grade, dead, hurt, yuan in BOUNDS
         if deaths >= dead or injured >= hurt or loss >= yuan), GENERAL,
    )  # fmt: skip


def decided_by(deaths: int, injured: int, loss_yuan: Decimal | None) -> list[Any]:
    """Which of the three make the class what it is; none of the lowest."""
    said = ((_("死亡人数"), (deaths, 0, None)), (_("重伤人数"), (0, injured, None)),
            (_("直接经济损失"), (0, 0, loss_yuan)))  # fmt: skip
    grade = grade_of(deaths, injured, loss_yuan)
    return [label for label, alone in said if grade != GENERAL and grade_of(*alone) == grade]


def grows_until(kind: str, at: datetime) -> date:
    """The last day on which a death counts: the day itself is not counted."""
    config = settings.CONFIG
    days = config.accident_days_short if kind in GROWS_SHORTER else config.accident_days
    return local(at).date() + timedelta(days=days)


@dataclass(frozen=True, slots=True)
class Step:
    """One report up: `due` is not known while the step before is not done."""

    to: str
    due: datetime | None
    at: datetime | None
    now: datetime

    @property
    def label(self) -> Any:
        return LEVELS[self.to]

    @property
    def met(self) -> bool | None:
        """Whether it was in time; None while it may still be, or nobody can know."""
        if self.due is None:
            return None
        if self.at is None:
            return False if self.now > self.due else None
        return self.at <= self.due


def steps(
    grade: str, known_at: datetime | None, reported: Mapping[str, datetime], *, now: datetime
) -> list[Step]:
    """The firm tells the county, and each level the next, as far as the class asks for."""
    found, before = [], known_at
    minutes = settings.CONFIG.accident_firm_minutes
    for to in list(LEVELS)[: REACH[grade]]:
        due = before + timedelta(minutes=minutes) if before else None
        found.append(Step(to, due, reported.get(to), now))
        before, minutes = reported.get(to), settings.CONFIG.accident_level_minutes
    return found
