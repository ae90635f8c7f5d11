"""Numbers that a place sets 参数: ours by default, its own from a day on, with what they rest on.

Practice differs from city to city, and no law names them [M]. The deepest place that has set one
decides for all below it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gongzhi.cases import clocks
from gongzhi.cases.changes import Refused
from gongzhi.cases.registers import Parameter
from gongzhi.declare import Level
from gongzhi.people.permissions import may_set
from gongzhi.people.posts import Holder
from gongzhi.places.levels import ancestors


@dataclass(frozen=True, slots=True)
class Known:
    """A number that may be set: its default, and within which bounds it makes sense."""

    label: Any
    default: int
    least: int
    most: int
    group: str = ""

    @property
    def yes_or_no(self) -> bool:
        return (self.least, self.most) == (0, 1)

    def said(self, n: int) -> Any:
        """As people read it."""
        return n if not self.yes_or_no else _("是") if n else _("否")


@dataclass(frozen=True, slots=True)
class Held:
    """A number as it is in force: set by which place from which day, or ours (no day)."""

    n: int
    source: Any
    place: str = ""
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Parameters:
    """The numbers of one room: `ours` is said of a default, `refusal` to who may not set them."""

    of: str
    known: Mapping[str, Known]
    ours: Any
    level: Level
    refusal: Any

    def in_force(self, place: str, on: date) -> dict[str, Held]:
        """All numbers as they hold for a place on a day."""
        found = {name: Held(known.default, self.ours) for name, known in self.known.items()}
        rows = self._rows(place).filter(valid_from__lte=on)
        for row in sorted(rows, key=lambda r: (len(r.place), r.valid_from)):
            found[row.name] = Held(row.n, row.source, row.place, row.valid_from)
        return found

    def numbers(self, place: str, on: date) -> dict[str, int]:
        return {name: held.n for name, held in self.in_force(place, on).items()}

    def may_change(self, by: Holder, place: str) -> bool:
        return may_set(by, self.level, place)

    def set_from(
        self, place: str, said: Mapping[str, int], since: date, source: str, *, now: datetime,
        by: Holder,
    ) -> int:  # fmt: skip
        """What differs from what holds then is set from that day on. Returns how many. Raises
        Refused."""
        if not self.may_change(by, place):
            raise Refused(self.refusal)
        if since < clocks.local(now).date():
            raise Refused(_("只能从今天或以后起用，以前的不改。"), field="since")
        holds = self.numbers(place, since)
        changed = {name: n for name, n in said.items() if holds[name] != n}
        if not changed:
            raise Refused(_("和现在的一样，没有要改的。"))
        for name, n in changed.items():
            if not self.known[name].least <= n <= self.known[name].most:
                raise Refused(_("超出了合理的范围。"), field=name.replace(".", "_"))
        own = Parameter.objects.filter(of=self.of, place=place, name__in=changed)
        with transaction.atomic():
            if own.filter(valid_from__gte=since).exists():
                raise Refused(_("这一天或以后已经定过，请另选日期。"), field="since")
            Parameter.objects.bulk_create(
                Parameter(of=self.of, place=place, name=name, n=n, source=source, valid_from=since,
                          account=by.account, post=by.post, entered_at=now)
                for name, n in changed.items()
            )  # fmt: skip
        return len(changed)

    def history(self, place: str) -> list[Parameter]:
        """What was set for a place and above it, the newest first."""
        return list(self._rows(place).order_by("-valid_from", "-entered_at", "name"))

    def _rows(self, place: str) -> Any:
        return Parameter.objects.filter(of=self.of, place__in=[*ancestors(place), place])
