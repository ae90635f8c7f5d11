"""What the public account counts, and of which mechanisms."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gongzhi.cases import rollups
from gongzhi.declare import Level, Mechanism, registry
from gongzhi.people.scope import Scope, within
from gongzhi.places.models import Division

KIND = "category."


@dataclass(frozen=True, slots=True)
class Figure:
    """A count of cases; `counted`: the figures of the rollups that are added up."""

    name: str
    label: str | Promise
    means: str | Promise
    counted: str

    def of(self, flows: Mapping[str, int]) -> int:
        return sum(
            n for name, n in flows.items()
            if name == self.counted or name.startswith(f"{self.counted}.")
        )  # fmt: skip


FIGURES = (
    Figure("reported", _("反映件数"), _("当月登记的案件，按登记的日子和事情发生的地方算。"),
           "reported"),
    Figure("settled", _("化解件数"), _("当月办结并且已经化解的案件；可能是以前月份反映的。"),
           "settled"),
    Figure("late", _("逾期件数"), _("当月由没有逾期变成逾期的案件；补办后再次逾期的，再算一次。"),
           "fell_late"),
)  # fmt: skip
ASKED = ("reported", "settled.%", "fell_late", f"{KIND}%")


def uncounted(mechanism: Mechanism) -> bool:
    """Where a number alone would tell somebody that there was a complaint."""
    return getattr(mechanism.starts.form, "uncounted", False)


def mechanisms() -> list[Mechanism]:
    return [m for m in registry.every() if not uncounted(m)]


def left_out() -> list[Mechanism]:
    return [m for m in registry.every() if uncounted(m)]


def towns_of(city: str, month: str) -> list[str]:
    """Those that existed in that month."""
    found = Division.objects.filter(level=Level.TOWN, code__startswith=city)
    return sorted(
        code for code, since, until in found.values_list("code", "valid_from", "valid_to")
        if (since is None or f"{since:%Y-%m}" <= month)
        and (until is None or f"{until:%Y-%m}" >= month)
    )  # fmt: skip


def counts(city: str, month: str, towns: list[str], of: Mechanism) -> Mapping[str, dict[str, int]]:
    """What was counted in each town. Only there: an accusation is counted from the county up."""
    with within(Scope(place=city)):
        found = rollups.months(city, towns, ASKED, since=month, until=month, mechanism=of.name)
    return found.below
