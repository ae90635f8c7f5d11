"""How an audit draws its sample and scores 审计办法: declared, in versions; ours [M].

Nothing here is asked of a person: what is scored is a firm or a department, in a period.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

ENTERPRISE, DEPARTMENT = "enterprise", "department"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the score: a share, its formula, and how much of a hundred it is worth."""

    name: str
    label: Any
    formula: Any
    weight: int


@dataclass(frozen=True, slots=True)
class Method:
    """`colours` and `ages` weigh a site: by its colour, and by how many days ago it was checked
    (after the last bound, or never, `unseen`). Below `least` counted a share is not scored."""

    version: str
    colours: Mapping[str, int]
    ages: tuple[tuple[int, int], ...]
    unseen: int
    looks_back: int  # days that a check before the audit is compared with it
    least: int
    parts: Mapping[str, tuple[Part, ...]]


ITEMS = _("审计时看过的检查项里，符合 ÷（符合 + 不符合）；不适用的不计")
RECTIFIED = _("期内到期的整改：按时完成 ÷ 到期；职工和群众报告的不计")
FIRM_AGREES = _("审计查出的隐患里，企业自查也查出的 ÷ 审计查出的")
DEPARTMENT_AGREES = _("审计查出的隐患里，该部门检查也查出的 ÷ 审计查出的")

FIRST: Final = Method(
    version="2026-1",
    colours={"red": 8, "orange": 4, "yellow": 2, "blue": 1},
    ages=((90, 1), (180, 2), (365, 3)),
    unseen=4,
    looks_back=365,
    least=5,
    parts={
        ENTERPRISE: (
            Part("items", _("现场符合"), ITEMS, 40),
            Part("checks", _("按时自查"), _("期内到期的自查：按时做了 ÷ 到期"), 20),
            Part("rectified", _("按时整改"), RECTIFIED, 20),
            Part("agreement", _("自查与审计一致"), FIRM_AGREES, 20),
        ),
        DEPARTMENT: (
            Part("items", _("所管场所现场符合"), ITEMS, 30),
            Part("checks", _("按时检查"), _("期内到期的检查：按时做了 ÷ 到期"), 25),
            Part("rectified", _("所管隐患按时整改"), RECTIFIED, 25),
            Part("agreement", _("检查与审计一致"), DEPARTMENT_AGREES, 20),
        ),
    },
)
METHODS: Final = {FIRST.version: FIRST}
CURRENT: Final = FIRST


@dataclass(frozen=True, slots=True)
class Scored:
    """A part with what was counted; `share` is none where it is left out."""

    part: Part
    over: int
    under: int
    least: int

    @property
    def counts(self) -> bool:
        return self.under >= (self.least if self.part.name == "agreement" else 1)

    @property
    def percent(self) -> float | None:
        return round(100 * self.over / self.under, 1) if self.counts else None

    @property
    def points(self) -> float | None:
        """What it adds before the weights of the parts that count are brought to a hundred."""
        return round(self.part.weight * self.over / self.under, 2) if self.counts else None


def scored(method: Method, what: str, counts: Mapping[str, tuple[int, int]]) -> list[Scored]:
    return [Scored(part, *counts[part.name], method.least) for part in method.parts[what]]


def score(parts: list[Scored]) -> float | None:
    """Of a hundred: the weighted mean of the shares that there are; none where there is none."""
    told = [p for p in parts if p.counts]
    whole = sum(p.part.weight for p in told)
    return (
        round(100 * sum(p.part.weight * p.over / p.under for p in told) / whole, 1)
        if whole
        else None
    )
