"""The schedule as Excel: out, and in again; all rows or none, each fault at its row and column."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from gongzhi.cases import sheets
from gongzhi.cases.changes import Refused
from gongzhi.declare import Level
from gongzhi.mechanisms.neighbourhoods.models import Building, Campaign, Progress, Slot
from gongzhi.mechanisms.neighbourhoods.registers import campaigns, slots
from gongzhi.people.posts import Holder
from gongzhi.places.names import name_of, paths
from gongzhi.places.written import NoSuchPlace, place_written

LANGUAGES: Final = ("zh-hans", "en")
COLUMNS: Final[dict[str, Any]] = {
    "community": gettext_lazy("社区"), "code": gettext_lazy("楼栋编号"),
    "name": gettext_lazy("楼栋（不导入）"), "households": gettext_lazy("户数（不导入）"),
    "day": gettext_lazy("日期"), "since": gettext_lazy("从"), "until": gettext_lazy("到"),
    "spot": gettext_lazy("地点"),
}  # fmt: skip
NEEDED: Final = ("community", "code", "day", "since", "until")


@dataclass(frozen=True, slots=True)
class Wrong:
    """What has to be changed, and where."""

    row: int
    column: str
    said: str

    @property
    def label(self) -> str:
        return str(COLUMNS.get(self.column, ""))


@dataclass
class Read:
    """What a file says; nothing is written while anything is wrong."""

    slots: list[Slot] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)

    @property
    def buildings(self) -> set[UUID]:
        return {s.building_id for s in self.slots}


def written(found: Iterable[Slot], without: Iterable[Building]) -> bytes:
    """As take_in() reads it; buildings without a slot follow, to be filled in."""
    every, lacking = list(found), list(without)
    paths({*(s.building.community for s in every), *(b.community for b in lacking)})
    lines = [
        [*_of(s.building), f"{timezone.localtime(s.from_at):%Y-%m-%d}",
         f"{timezone.localtime(s.from_at):%H:%M}", f"{timezone.localtime(s.to_at):%H:%M}", s.spot]
        for s in every
    ]  # fmt: skip
    lines += [[*_of(b), "", "", "", ""] for b in lacking]
    return sheets.made_of([str(label) for label in COLUMNS.values()], lines)


def _of(b: Building) -> list[Any]:
    return [f"{b.community} {name_of(b.community)}", b.code, b.name, b.households]


def take_in(content: bytes, of: Campaign, *, by: Holder) -> Read:
    """The slots of the buildings that the file names, in place of those they had.

    Raises BadSheet, Refused.
    """
    read = _Reader(of, by).all(sheets.lines_of(content))
    if read.wrong:
        return read
    with transaction.atomic():
        campaigns.must_be_open(Campaign.objects.select_for_update().get(id=of.id))
        Slot.objects.filter(campaign=of, building__in=read.buildings).delete()
        Slot.objects.bulk_create(read.slots)
    return read


class _Reader:
    """Reads one file; the buildings of the campaign are looked up once."""

    def __init__(self, of: Campaign, by: Holder) -> None:
        self.of, self.by, self.read = of, by, Read()
        ids = Progress.objects.filter(campaign=of).values("building")
        found = Building.objects.filter(id__in=ids)
        self.buildings = {(b.community, b.code): b for b in found}
        self.places: dict[str, str] = {}
        self.own: dict[UUID, list[Slot]] = defaultdict(list)

    def all(self, lines: Sequence[tuple[int, Sequence[str]]]) -> Read:
        """Raises BadSheet."""
        head = self._head(lines)
        for n, line in lines[1:]:
            cells = dict(zip(head, [*line, *[""] * len(head)], strict=False))
            if cells["day"] or cells["since"] or cells["until"]:
                self._row(n, cells)
        if not self.read.slots and not self.read.wrong:
            raise sheets.BadSheet(_("文件里没有时段。"))
        return self.read

    @staticmethod
    def _head(lines: Sequence[tuple[int, Sequence[str]]]) -> list[str]:
        """Raises BadSheet."""
        known: dict[str, str] = {}
        for language in LANGUAGES:
            with override(language):
                known |= {str(label).lower(): name for name, label in COLUMNS.items()}
        head = [known.get(said.lower(), "") for said in lines[0][1]] if lines else []
        lacking = [str(COLUMNS[name]) for name in NEEDED if name not in head]
        if lacking:
            raise sheets.BadSheet(_("表头缺少：%(columns)s。") % {"columns": _("、").join(lacking)})
        return head

    def _row(self, n: int, cells: dict[str, str]) -> None:
        wrong = len(self.read.wrong)
        building = self._said(n, "code", self._building, cells)
        day = self._said(n, "day", lambda c: _day(c["day"]), cells)
        since = self._said(n, "since", lambda c: _time(c["since"]), cells)
        until = self._said(n, "until", lambda c: _time(c["until"]), cells)
        if len(self.read.wrong) > wrong:
            return
        slot = Slot(campaign=self.of, building=building, spot=cells.get("spot", "")[:120],
                    from_at=_moment(day, since), to_at=_moment(day, until))  # fmt: skip
        self._said(n, "until", lambda _cells: slots.check(slot), cells)
        self._said(n, "since", lambda _cells: self._apart(slot), cells)
        self.read.slots.append(slot)

    def _said(self, n: int, column: str, read: Any, cells: dict[str, str]) -> Any:
        """What a cell says, or nothing and a line about what is wrong."""
        try:
            return read(cells)
        except (Refused, NoSuchPlace) as error:
            why = error.reason if isinstance(error, Refused) else error
            at = error.field if isinstance(error, Refused) and error.field else column
            self.read.wrong.append(Wrong(n, at, str(why)))
            return None

    def _building(self, cells: dict[str, str]) -> Building:
        """Raises Refused, NoSuchPlace."""
        said = cells["community"]
        if said not in self.places:
            found = place_written(said, within=self.of.place, levels=[Level.VILLAGE])
            self.places[said] = found
        building = self.buildings.get((self.places[said], cells["code"]))
        if building is None:
            raise Refused(_("这次行动里没有这个编号的楼栋。"))
        if not slots.may_plan(self.by, self.of, building.community):
            raise Refused(_("这个社区的时段不由您安排。"), field="community")
        return building

    def _apart(self, slot: Slot) -> None:
        """Raises Refused."""
        for other in self.own[slot.building_id]:
            if other.from_at < slot.to_at and slot.from_at < other.to_at:
                raise Refused(_("这栋楼在文件里有重叠的时段。"))
        self.own[slot.building_id].append(slot)


def _day(said: str) -> date:
    """Raises Refused."""
    try:
        return date.fromisoformat(said[:10])
    except ValueError:
        raise Refused(_("请写日期，如 2026-01-31。")) from None


def _time(said: str) -> time:
    """Raises Refused."""
    try:
        return time.fromisoformat(said.zfill(5) if len(said) == 4 else said)
    except ValueError:
        raise Refused(_("请写时间，如 08:30。")) from None


def _moment(day: date, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))
