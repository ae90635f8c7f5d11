"""Every figure with its formula, source, unit and direction: declared ones, and those of all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongzhi.cases import rollups
from gongzhi.command.asking import Asked
from gongzhi.command.figures import SMALL
from gongzhi.declare import Better, Indicator, Level, Measure, Mechanism
from gongzhi.networks.resolution.indicators import LINKAGE
from gongzhi.people.scope import Scope, within
from gongzhi.ui import words

BETTER: Final[Mapping[Better, str | Promise]] = {
    Better.UP: gettext_lazy("越高越好"), Better.DOWN: gettext_lazy("越低越好"),
    Better.NEITHER: gettext_lazy("高低不分好坏"),
}  # fmt: skip
# What stands on the command page itself: name, how it is counted, unit.
PLAIN: Final[Sequence[tuple[str | Promise, str | Promise, str | Promise]]] = (
    (
        gettext_lazy("在办"),
        gettext_lazy("现在没有办结的案件，按发生地计，各阶段之和"),
        gettext_lazy("件"),
    ),
    (
        gettext_lazy("逾期"),
        gettext_lazy("现在没有办结、至少有一个时限已过的案件"),
        gettext_lazy("件"),
    ),
    (
        gettext_lazy("新登记"),
        gettext_lazy("这段时间登记的案件，按登记的日子"),
        gettext_lazy("件"),
    ),
    (
        gettext_lazy("化解"),
        gettext_lazy("这段时间以化解办结的案件，按办结的日子；重新办理后再化解的再计一次"),
        gettext_lazy("件"),
    ),
    (
        gettext_lazy("逾期办完"),
        gettext_lazy("这段时间过了期限才办完的时限，按办完的日子；还没有办完的在“逾期”里"),
        gettext_lazy("次"),
    ),
    (
        gettext_lazy("卡在哪一级"),
        gettext_lazy("在办案件现在由哪一级的单位承办，其中几件逾期"),
        gettext_lazy("件"),
    ),
)

# Read before the figures: what is easily taken for one and the same.
APART: Final = gettext_lazy(
    "“逾期”按件，是现在还没有办结的；“逾期办完”按次，是这段时间里办完得晚了的时限。堆积预警的“新逾期”按次，是那一周里过了期限的时限；公开账的“逾期”按月，是当月由没有逾期变成逾期的案件。"
)


@dataclass(frozen=True, slots=True)
class Known:
    """A figure and what it comes to; without a denominator it is a count, and `over` is None where
    it is too few to be told."""

    label: str
    formula: str
    source: str
    unit: str
    better: Better
    over: int | None
    under: int | None

    @property
    def percent(self) -> int | None:
        return None if self.over is None or not self.under else round(100 * self.over / self.under)

    @property
    def small(self) -> bool:
        n = self.over if self.under is None else self.under
        return self.over is None or n is None or n < SMALL

    @property
    def idle(self) -> bool:
        """Nothing happened of which it could be a share."""
        return self.under == 0

    @property
    def direction(self) -> str | Promise:
        return BETTER[self.better]


def _of_all(m: Mechanism) -> list[Indicator]:
    """What every mechanism is counted by, unless it declares the same figures itself."""
    ours = _("本平台的统计口径")
    found = [
        *(Indicator(
            f"met.{c.name}", _("按期率：%(clock)s") % {"clock": words.label(c)},
            _("期限内办完 ÷（期限内办完 + 逾期办完）；没有办完的另列"),
            ours if c.promise else c.law or ours,
            over=(f"met.{c.name}",), under=(f"met.{c.name}", f"breached.{c.name}"))
          for c in m.clocks),
        *(Indicator(
            f"filter.{level.name}", _("%(level)s级化解率") % {"level": words.level(level)},
            _("在这一级化解 ÷ 进入这一级"), ours,
            over=(f"settled.{level.name.lower()}.%",), under=(f"entered.{level.name.lower()}.%",))
          for level in Level),
        Indicator("settled", _("化解率"), _("以化解办结 ÷ 办结；还在办的、逾期的另列"), ours,
                  over=("settled.%",), under=("ended.%",)),
        Indicator("reopened", _("重新办理率"), _("办结后重新办理 ÷ 办结"), ours,
                  over=("reopened",), under=("ended.%",), better=Better.DOWN),
        Indicator("rated", _("评价率"), _("评价的次数 ÷ 办结；各按自己的日子计"), ours,
                  over=("rated",), under=("ended.%",)),
    ]  # fmt: skip
    names, declared = {i.name for i in m.indicators}, {(i.over, i.under) for i in m.indicators}
    return [i for i in found if i.name not in names and (i.over, i.under) not in declared]


def _count(figures: Mapping[str, int], names: Sequence[str]) -> int:
    """A name that ends in .% stands for all that begin so."""
    return sum(
        n for figure, n in figures.items()
        if any(figure.startswith(x[:-1]) if x.endswith(".%") else figure == x for x in names)
    )  # fmt: skip


Figure = Indicator | Measure


def declared(mechanisms: Sequence[Mechanism]) -> list[tuple[Mechanism | None, Sequence[Figure]]]:
    """The figures of each mechanism, and (None) those of linkage."""
    each: list[tuple[Mechanism | None, Sequence[Figure]]] = [
        (m, [*m.indicators, *m.measures, *_of_all(m)]) for m in mechanisms
    ]
    return [*each, (None, LINKAGE)]


def known(of: Asked) -> list[tuple[Mechanism | None, list[Known]]]:
    """All figures of what is asked about, with what they come to."""
    found = []
    with within(Scope(place=of.by.place)):
        for m, figures in declared(of.mechanisms):
            names = {f for i in figures if isinstance(i, Indicator) for f in (*i.over, *i.under)}
            flows = rollups.flows([of.code], sorted(names), since=of.since, until=of.until,
                                  mechanism=m.name if m else of.mechanism)  # fmt: skip
            counted = flows.get(of.code, {})
            found.append((m, [_known(i, *_counts(i, counted, of)) for i in figures]))
    return found


def _counts(i: Figure, counted: Mapping[str, int], of: Asked) -> tuple[int | None, int | None]:
    if isinstance(i, Measure):
        over, under = i.count(of.code, of.since, of.until)
        return (over if under >= i.least else None), under
    return _count(counted, i.over), _count(counted, i.under) if i.under else None


def _known(i: Figure, over: int | None, under: int | None) -> Known:
    source = _(i.source) if i.source else ""
    return Known(words.label(i), _(i.formula), source, i.unit, i.better, over, under)
