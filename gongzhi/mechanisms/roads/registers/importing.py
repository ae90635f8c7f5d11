"""Roads, sections and points from files: all of it or nothing, each fault at its row and column.

Whatever the file, it becomes items of plain text first (workbooks.py, features.py). A row that is
there already is changed where the file says something else, and never ended because a file leaves
it out. Sections lie in the village that the file names: outlines of villages are not known here.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongzhi.cases.changes import Refused
from gongzhi.cases.workbooks import Row, Workbook, Wrong, called
from gongzhi.declare import Level
from gongzhi.mechanisms.roads.models import Point, RegisterChange, Road, Section
from gongzhi.mechanisms.roads.registers import geometry, roads
from gongzhi.mechanisms.roads.registers.geometry import Unreadable
from gongzhi.people.permissions import No
from gongzhi.people.posts import Holder
from gongzhi.places.coordinates import to_wgs84
from gongzhi.places.written import NoSuchPlace, place_written

# Sheet -> what it is called, its columns, and those that a new row must have.
SHEETS: Final[dict[str, tuple[Any, dict[str, Any]]]] = {
    "roads": (gettext_lazy("道路"), {
        "code": gettext_lazy("编号"), "county": gettext_lazy("所在县"),
        "name": gettext_lazy("名称"), "name_en": gettext_lazy("英文名称"),
        "about": gettext_lazy("说明"),
    }),
    "sections": (gettext_lazy("路段"), {
        "road": gettext_lazy("道路编号"), "name": gettext_lazy("路段名称"),
        "village": gettext_lazy("村"), "from_km": gettext_lazy("起点桩号"),
        "to_km": gettext_lazy("止点桩号"), "line": gettext_lazy("线形"),
    }),
    "points": (gettext_lazy("点位"), {
        "road": gettext_lazy("道路编号"), "section": gettext_lazy("路段名称"),
        "kind": gettext_lazy("类别"), "what": gettext_lazy("种类"),
        "name": gettext_lazy("名称"), "longitude": gettext_lazy("经度"),
        "latitude": gettext_lazy("纬度"), "note": gettext_lazy("说明"),
    }),
}  # fmt: skip
BOOK: Final = Workbook(SHEETS)
MAY_BE_EMPTY = {"county", "name_en", "about", "line", "section", "note"}
LONGEST = {"name": 80, "name_en": 120, "about": 400, "what": 40, "note": 400}


@dataclass
class Plan:
    """What a file would change; `notes` are the lines of the history that it would leave."""

    new: list[roads.Row] = field(default_factory=list)
    changed: list[roads.Row] = field(default_factory=list)
    same: int = 0
    wrong: list[Wrong] = field(default_factory=list)
    notes: list[tuple[roads.Row, dict[str, Any]]] = field(default_factory=list)


def planned(items: Sequence[Row], *, system: str, by: Holder) -> Plan:
    """What the file would change, and all that is wrong with it."""
    reader = _Reader(system, by)
    for sheet in SHEETS:  # roads first: sections may lie on roads of the same file
        for item in items:
            if item.sheet == sheet:
                reader.take(item)
    reader.plan.wrong.sort(key=lambda w: (list(SHEETS).index(w.sheet), w.row))
    return reader.plan


def enter(items: Sequence[Row], *, system: str, by: Holder, now: datetime) -> Plan:
    """All of it, or nothing where anything is wrong. Raises Refused."""
    with transaction.atomic():
        with connection.cursor() as cursor:  # two files at a time would not know of each other
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('register of roads'))")
        plan = planned(items, system=system, by=by)
        if plan.wrong:
            raise Refused(_("台账刚才有改动，请核对后再导入。"))
        today = timezone.localdate(now)
        for table in (Road, Section, Point):
            new: list[Any] = [row for row in plan.new if isinstance(row, table)]
            for row in new:
                row.valid_from = today
            table._default_manager.bulk_create(new)
        for row in plan.changed:
            row.save()
        RegisterChange.objects.bulk_create([
            RegisterChange(of=roads.road_of(row), what=row.id, called=str(row)[:120], at=now,
                           account=by.account, post=by.post, facts=facts)
            for row, facts in plan.notes
        ])  # fmt: skip
    return plan


class _Reader:
    """Reads one file's items; what is there already is looked up once."""

    def __init__(self, system: str, by: Holder) -> None:
        self.system, self.by, self.plan = system, by, Plan()
        found = roads.roads_in(by.place)
        self.roads: dict[tuple[str, str], Road] = {(r.place, r.code): r for r in found}
        above = Road.objects.filter(roads.current(), place=by.place[:2])
        self.roads |= {(r.place, r.code): r for r in above}
        ids = [r.id for r in self.roads.values()]
        sections = Section.objects.filter(roads.current(), road__in=ids).select_related("road")
        points = Point.objects.filter(roads.current(), road__in=ids).select_related("road")
        self.sections = {(s.road_id, s.name): s for s in sections}
        self.by_id: dict[Any, Section] = {s.id: s for s in self.sections.values()}
        self.points = {(p.road_id, p.kind, p.name): p for p in points}
        self.places: dict[tuple[str, Level], str] = {}
        self.kinds = called(roads.KINDS)
        self.seen: set[Any] = set()

    def take(self, item: Row) -> None:
        """One item more: new, changed or the same; or what is wrong with it."""
        said: dict[str, Any] = {}
        faults: dict[str, str] = {}
        for column in SHEETS[item.sheet][1]:
            if column not in item.cells:
                continue
            try:
                said[column] = self._value(item.sheet, column, item.cells[column], said)
            except (Unreadable, NoSuchPlace) as error:
                faults[column] = str(error)
        if not faults:
            try:
                row = getattr(self, f"_{item.sheet}")(said)
                self._add(row, said)
            except Refused as error:
                faults[error.field or ""] = str(error.reason)
        wrong = (BOOK.wrong(item, column, why) for column, why in faults.items())
        self.plan.wrong += wrong

    def _value(self, sheet: str, column: str, text: str, said: Mapping[str, Any]) -> Any:
        """Raises Unreadable, NoSuchPlace."""
        if not text and column not in MAY_BE_EMPTY:
            raise Unreadable(_("这一格不能空着。"))
        if len(text) > LONGEST.get(column, len(text)):
            raise Unreadable(_("最多 %(n)d 个字。") % {"n": LONGEST[column]})
        reads: dict[str, Callable[[str], Any]] = {
            "code": self._code,
            "county": lambda t: self._place(t, Level.COUNTY) if t else "",
            "village": lambda t: self._place(t, Level.VILLAGE),
            "from_km": geometry.kilometres,
            "to_km": geometry.kilometres,
            "kind": self._kind,
            "line": lambda t: geometry.read(t, self.system),
            "longitude": _degrees,
            "latitude": _degrees,
        }
        return reads[column](text) if column in reads else text

    def _code(self, text: str) -> str:
        if not roads.CODE.fullmatch(text.upper()):
            raise Unreadable(_("编号是 G、S、X、Y、C 之一加数字，如 X413。"))
        return text.upper()

    def _kind(self, text: str) -> str:
        if text.lower() not in self.kinds:
            names = _("、").join(str(label) for label in roads.KINDS.values())
            raise Unreadable(_("请写：%(names)s。") % {"names": names})
        return self.kinds[text.lower()]

    def _place(self, text: str, level: Level) -> str:
        if (text, level) not in self.places:
            code = place_written(text, within=self.by.place[:6], levels=[level])
            if len(code) != level.digits:
                raise NoSuchPlace(_("“%(said)s”不是这一级的地方。") % {"said": text})
            self.places[text, level] = code
        return self.places[text, level]

    def _road(self, said: Mapping[str, Any], place: str = "") -> Road:
        """The road that a section or point names. Raises Refused."""
        code = str(said.get("road", "")).upper()
        found = [
            r for (where, c), r in self.roads.items()
            if c == code and (not place or place.startswith(where))
        ]  # fmt: skip
        if len(found) != 1:
            why = _("没有编号是“%(code)s”的道路；请先登记，或写进“道路”表。")
            several = _("有几个县都有“%(code)s”，请由县里导入。")
            raise Refused((several if found else why) % {"code": code}, field="road")
        return found[0]

    def _roads(self, said: dict[str, Any]) -> Road:
        county = said.pop("county", "") or self.by.place[:6]
        if "code" not in said or len(county) != Level.COUNTY.digits:
            raise Refused(_("请写明所在县。"), field="county" if "code" in said else "code")
        key = roads.home(said["code"], county), said.pop("code")
        self._once("roads", key)
        if key not in self.roads:
            self._allow(roads.keeps(self.by, county))
            self.roads[key] = Road(place=key[0], code=key[1])
        return self.roads[key]

    def _sections(self, said: dict[str, Any]) -> Section:
        road = self._road(said, said.get("village", ""))
        said.pop("road")
        key = road.id, said.get("name", "")
        self._once("sections", key)
        row = self.sections.setdefault(key, Section(road=road))
        village = said.get("village", row.village)
        if not village:
            raise Refused(_("没有这一路段；新的路段要写村和起止桩号。"), field="name")
        for place in {village, row.village or village}:  # nor may it be taken from elsewhere
            self._allow(roads.keeps(self.by, place))
        try:
            if said.get("line"):
                said["line"] = geometry.line_of(said["line"], village)
        except Unreadable as error:
            raise Refused(str(error), field="line") from None
        return row

    def _points(self, said: dict[str, Any]) -> Point:
        road = self._road(said)
        said.pop("road")
        key = road.id, said.get("kind", ""), said.get("name", "")
        self._once("points", key)
        row = self.points.setdefault(key, Point(road=road))
        section = self.sections.get((road.id, said.get("section", "")))
        if said.get("section") and section is None:
            raise Refused(_("这条路上没有这一路段。"), field="section")
        if "section" in said:
            said["section"] = section.id if section else None
        here = {s.village for s in (section, self.by_id.get(row.section)) if s}
        for place in here or {self.by.place}:
            self._allow(roads.keeps(self.by, place))
        if "longitude" in said and "latitude" in said:
            spot = to_wgs84((said["longitude"], said["latitude"]), self.system)
            try:
                geometry.check_inside([spot], section.village if section else self.by.place)
            except Unreadable as error:
                raise Refused(str(error), field="longitude") from None
            said["longitude"], said["latitude"] = spot
        return row

    def _once(self, sheet: str, key: Any) -> None:
        if (sheet, key) in self.seen:
            raise Refused(
                _("这一项在文件里写了两次。"), field="code" if sheet == "roads" else "name"
            )
        self.seen.add((sheet, key))

    def _allow(self, allowed: Any) -> None:
        if isinstance(allowed, No):
            raise Refused(allowed.reason)

    def _add(self, row: Any, said: Mapping[str, Any]) -> None:
        """The row takes what is said of it. Raises Refused."""
        facts = roads.FACTS[type(row)]
        if row._state.adding:
            lacking = [n for n in facts if n not in said and n not in MAY_BE_EMPTY]
            if lacking:
                raise Refused(
                    _("新的一行要写全：%(columns)s。") % {"columns": self._labels(row, lacking)}
                )
        changed = roads.differing(row, {n: said[n] for n in facts if n in said})
        if not changed and not row._state.adding:
            self.plan.same += 1
            return
        if isinstance(row, Road) and not row._state.adding:
            self._allow(roads.keeps_road(self.by, row))
        if isinstance(row, Section) and row.to_km <= row.from_km:
            raise Refused(_("止点桩号要大于起点桩号。"), field="to_km")
        roads.measure(row)
        (self.plan.new if row._state.adding else self.plan.changed).append(row)
        self.plan.notes.append((row, changed))

    def _labels(self, row: roads.Row, names: Iterable[str]) -> str:
        sheet = {Road: "roads", Section: "sections", Point: "points"}[type(row)]
        return _("、").join(str(SHEETS[sheet][1][name]) for name in names)


def _degrees(text: str) -> float:
    """Raises Unreadable."""
    try:
        return float(text)
    except ValueError:
        raise Unreadable(_("请写度数，如 112.5668。")) from None
