"""What a monthly report says: sentences and tables made of its figures and nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from gongzhi.mechanisms.safety.registers.accidents_law import GRADES
from gongzhi.mechanisms.safety.registers.declines import KINDS, MEASURES, Measure
from gongzhi.mechanisms.safety.registers.ranks import RANKS
from gongzhi.places.names import name_of

Figures = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: its headings, and its rows as text."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]

    def plain(self) -> dict[str, Any]:
        return {"columns": [*self.head], "rows": [[*row] for row in self.rows]}


def measures(of: Figures, kind: str) -> list[Measure]:
    return [Measure(**said) for said in of["declines"][kind]]


def accidents(of: Figures) -> list[str]:
    """Counts of the month, and of which classes."""
    n = {m.name: m.after for m in measures(of, "month")}
    graver = [_("%(grade)s %(n)d 起") % {"grade": label, "n": of["grades"][grade]}
              for grade, label in GRADES.items() if of["grades"].get(grade)]  # fmt: skip
    said = [_("事故 %(accidents)d 起，死亡 %(deaths)d 人，重伤 %(injured)d 人。") % n]
    return [*said, _("其中%(grades)s。") % {"grades": _("、").join(graver)}] if graver else said


def compared(of: Figures) -> Grid:
    head = [_("指标"), _("去年同期"), _("本期"), _("能说什么")]
    labels = {"month": _("本月"), "ytd": str(KINDS["ytd"])}
    return Grid(head, [
        [_("%(period)s：%(measure)s") % {"period": label, "measure": m.label},
         str(m.before), str(m.after), m.words]
        for kind, label in labels.items() for m in measures(of, kind)
    ])  # fmt: skip


def causes() -> str:
    return _("数字只说多了还是少了，不说明原因；数量少的时候，偶然的起落很大。")


def hazards(of: Figures) -> list[str]:
    h = of["hazards"]
    return [
        _("登记隐患 %(found)d 件。") % h,
        _("消除 %(all)d 件，其中办理中没有超过任何期限的 %(in_time)d 件。")
        % {"all": sum(h["eliminated"].values()), "in_time": h["in_time"]},
        _("到期的整改期限 %(due)d 个，按期报告整改完成 %(met)d 个；复查不合格 %(failed)d 次。") % h,
        _("新挂牌督办 %(listed)d 件，摘牌 %(delisted)d 件，期末挂牌的 %(listed_now)d 件。") % h,
    ]


def ranked(of: Figures) -> Grid:
    h = of["hazards"]
    return Grid(
        [_("颜色"), _("定级（件）"), _("消除（件）")],
        [[str(label), str(h["ranked"][rank]), str(h["eliminated"][rank])]
         for rank, label in RANKS.items()],
    )  # fmt: skip


def checks(of: Figures) -> str:
    return _("到期的计划检查 %(due)d 次，已完成 %(done)d 次。") % _done(of)


def _done(of: Figures) -> dict[str, int]:
    return {"due": 0, "done": 0, **of["checks"]}


def below(of: Figures) -> Grid:
    head = [_("地方"), _("事故"), _("死亡"), _("重伤"), _("登记隐患"), _("消除隐患"), _("到期整改"),
            _("按期整改"), _("到期检查"), _("完成检查")]  # fmt: skip
    return Grid(head, [
        [name_of(row["place"]), *map(str, (
            *(row["accidents"][name] for name in MEASURES), row["hazards"]["found"],
            sum(row["hazards"]["eliminated"].values()), row["hazards"]["due"],
            row["hazards"]["met"], *_done(row).values(),
        ))]
        for row in of["below"]
    ])  # fmt: skip
