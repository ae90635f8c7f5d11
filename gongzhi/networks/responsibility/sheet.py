"""The responsibility list as a sheet: what is written can be read back, in either language.

One line of the sheet is one department; lines about one matter, place, level and day are one list.
A cell that cannot be understood is told by row and column, with what to write instead.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from gongzhi.cases import catalogue, sheets
from gongzhi.declare import Level, Mechanism, Span, registry
from gongzhi.networks.responsibility import entering, spans
from gongzhi.networks.responsibility.lines import Line
from gongzhi.networks.responsibility.models import Duty
from gongzhi.people.kinds import UNIT_KINDS
from gongzhi.people.models import Unit as Organisation
from gongzhi.people.posts import Holder
from gongzhi.places.search import name_of, paths
from gongzhi.places.written import CODE, NoSuchPlace, place_written
from gongzhi.ui import words

COLUMNS = {
    "mechanism": gettext_lazy("机制"),
    "category": gettext_lazy("类别"),
    "place": gettext_lazy("地点"),
    "level": gettext_lazy("级别"),
    "unit": gettext_lazy("单位"),
    "leads": gettext_lazy("牵头或配合"),
    "does": gettext_lazy("职责"),
    "within": gettext_lazy("处置时限"),
    "urgent": gettext_lazy("紧急时限"),
    "basis": gettext_lazy("依据"),
    "valid_from": gettext_lazy("起用日期"),
    "valid_to": gettext_lazy("停用日期"),
}
LONGEST = 300  # of a duty, of a basis
LEADS = {True: gettext_lazy("牵头"), False: gettext_lazy("配合")}
DAY = re.compile(r"(\d{4})\D(\d{1,2})\D(\d{1,2})(?:日| 00:00:00)?")
Lines = Sequence[tuple[int, Sequence[str]]]


def kind_name(kind: str) -> str:
    """A kind of unit in the reader's language."""
    english = (get_language() or "").startswith("en")
    return UNIT_KINDS[kind][1 if english else 0] if kind in UNIT_KINDS else kind


def listed(names: Iterable[str]) -> str:
    """Side by side, as the reader's language does it."""
    return _("、").join(names)


def head() -> list[str]:
    return [str(label) for label in COLUMNS.values()]


def blank() -> bytes:
    """Headings, and below them a line that says what can be written."""
    mechanisms = registry.every()
    example = [
        "／".join(words.label(m) for m in mechanisms),
        _("这一机制的一类；空着就是全部"), _("地名或行政区划代码"),
        "／".join(words.level(x) for x in Level),
        _("某个单位的全名，或一类单位：") + "／".join(kind_name(k) for k in UNIT_KINDS),
        "／".join(str(said) for said in LEADS.values()), _("它做什么，可以空着"),
        _("如 24小时、7天、2个工作日；空着就是通用时限"), _("现场有危险时的，可以空着"),
        _("文件名称和条款"), "2026-01-31", _("空着就一直有效"),
    ]  # fmt: skip
    return sheets.made_of(head(), [example])


def written(rows: Sequence[Duty]) -> bytes:
    """Rows of the list, as read() takes them."""
    units = named_in(rows)
    paths(d.place for d in rows)  # their names at once
    lines = []
    for row in rows:
        mechanism = registry.get(row.mechanism)
        about = [
            words.label(mechanism),
            str(catalogue.kind(mechanism, row.category)) if row.category else "",
            f"{row.place} {name_of(row.place)}", words.level(row.level),
        ]  # fmt: skip
        days = [row.valid_from.isoformat(), row.valid_to.isoformat() if row.valid_to else ""]
        state = _("草案") if row.draft else ""
        lines += [[*about, *_cells(line, units), *days, state] for line in row.lines]
    # What stands in the last column is told, and not read back: a sheet confirms nothing.
    return sheets.made_of([*head(), _("状态")], lines)


def named_in(rows: Iterable[Duty]) -> dict[UUID, Organisation]:
    """The units that lines name, read at once."""
    return Organisation.objects.in_bulk({x.unit for row in rows for x in row.lines if x.unit})


def who(line: Line, units: Mapping[UUID, Organisation]) -> str:
    """Whom a line names, in the reader's language."""
    named = units.get(line.unit) if line.unit else None
    return words.named(named) if named else kind_name(line.kind)


def _cells(line: Line, units: Mapping[UUID, Organisation]) -> list[str]:
    limits = map(spans.said, (line.within, line.urgent))
    return [who(line, units), str(LEADS[line.leads]), line.does, *limits, line.basis]


@dataclass(frozen=True, slots=True)
class Wrong:
    """A cell that has to be changed: where it is, and what to do."""

    row: int
    column: str
    said: str

    @property
    def label(self) -> str:
        return str(COLUMNS.get(self.column, ""))


@dataclass(frozen=True, slots=True)
class Read:
    """What a sheet says: rows of the list, what they would change, and what is wrong with it."""

    rows: Sequence[Duty]
    plan: entering.Plan
    wrong: Sequence[Wrong]


class _NotRead(Exception):
    """What to write instead."""


def _called(name: Callable[[Any], object], things: Iterable[Any]) -> dict[str, Any]:
    """Things by what they are called, in each language."""
    found: dict[str, Any] = {}
    things = list(things)
    for language in spans.LANGUAGES:
        with override(language):
            found |= {str(name(thing)).lower(): thing for thing in things}
    return found


def columns(line: Sequence[str]) -> list[str | None]:
    """Which column stands where. Raises BadSheet."""
    known = _called(lambda column: COLUMNS[column], COLUMNS)
    found = [known.get(said.lower()) for said in line]
    lacking = [str(label) for column, label in COLUMNS.items() if column not in found]
    if lacking:
        raise sheets.BadSheet(_("表头缺少：%(columns)s。") % {"columns": listed(lacking)})
    return found


def read(lines: Lines, *, by: Holder) -> Read:
    """What each line says, and what it would change. Raises BadSheet."""
    if not lines:
        raise sheets.BadSheet(_("表格是空的，请先下载空白表格填写。"))
    order = columns(lines[0][1])
    said = [(n, {c: v for c, v in zip(order, line, strict=False) if c}) for n, line in lines[1:]]
    reader = _Reader([cells for _n, cells in said], by)
    wrong: list[Wrong] = []
    found: dict[tuple[Any, ...], tuple[int, Duty]] = {}
    for n, cells in said:
        row, faults = reader.line(cells)
        wrong += [Wrong(n, column, fault) for column, fault in faults.items()]
        if row is not None:
            line = row.pop("line")
            _n, duty = found.setdefault(tuple(row.values()), (n, Duty(**row, lines=[])))
            duty.lines.append(line)
    wrong += [
        Wrong(n, "leads", str(_("每份清单要有一个牵头单位，只能有一个。")))
        for n, duty in found.values() if sum(x.leads for x in duty.lines) != 1
    ]  # fmt: skip
    rows = [duty for _n, duty in found.values()]
    plan = entering.planned(rows, by=by)
    where = {duty.id: n for n, duty in found.values()}
    wrong += [
        Wrong(where[duty.id], error.field or "place", str(error.reason))
        for duty, error in plan.refused
    ]
    return Read(rows, plan, sorted(wrong, key=lambda w: w.row))


class _Reader:
    """Reads one sheet; what all of its rows need is looked up once."""

    def __init__(self, cells: Sequence[dict[str, str]], by: Holder) -> None:
        self.by = by
        self.mechanisms = _called(words.label, registry.every())
        self.levels = _called(words.level, [int(level) for level in Level])
        self.kinds = _called(kind_name, UNIT_KINDS)
        self.categories: dict[str, dict[str, Any]] = {}
        self.places: dict[str, str] = {}
        self.roles = _called(LEADS.__getitem__, LEADS)
        self.named = {c.get("unit", "") for c in cells}
        paths(m[1] for c in cells if (m := CODE.fullmatch(c.get("place", ""))))  # at once

    @cached_property
    def units(self) -> dict[str, list[Organisation]]:
        """Units by name, those that the sheet names."""
        found: dict[str, list[Organisation]] = {}
        named = Q(name__in=self.named) | Q(name_en__in=self.named)
        for unit in Organisation.objects.filter(named, valid_to=None):
            for name in {unit.name, unit.name_en} - {""}:
                found.setdefault(name, []).append(unit)
        return found

    def line(self, cells: dict[str, str]) -> tuple[dict[str, Any] | None, dict[str, str]]:
        """What of a row a line of the sheet says, or by column what is wrong with it."""
        said: dict[str, Any] = {}
        faults: dict[str, str] = {}
        for column in COLUMNS:
            try:
                said[column] = getattr(self, column)(cells.get(column, ""), said)
            except _NotRead as error:
                faults[column] = str(error)
        if faults:
            return None, faults
        unit = said.pop("unit")
        kind, named = (unit.kind, unit.id) if isinstance(unit, Organisation) else (unit, None)
        own = {name: said.pop(name) for name in ("leads", "does", "within", "urgent", "basis")}
        said["mechanism"] = said["mechanism"].name
        return {**said, "line": Line(kind=kind, unit=named, **own)}, {}

    def mechanism(self, text: str, said: dict[str, Any]) -> Mechanism:
        found: Mechanism | None = self.mechanisms.get(text.lower())
        if found is None:
            names = listed(words.label(m) for m in registry.every())
            raise _NotRead(_("请写：%(names)s。") % {"names": names})
        return found

    def category(self, text: str, said: dict[str, Any]) -> str:
        mechanism = said.get("mechanism")
        if not text or mechanism is None:
            return ""
        if mechanism.name not in self.categories:
            kinds = catalogue.every(mechanism).values()
            self.categories[mechanism.name] = _called(str, kinds)
        found = self.categories[mechanism.name].get(text.lower())
        if found is None:
            raise _NotRead(_("没有“%(said)s”这一类；请照登记时的类别写，或空着，表示全部。")
                           % {"said": text})  # fmt: skip
        return str(found.name)

    def place(self, text: str, said: dict[str, Any]) -> str:
        if text not in self.places:
            self.places[text] = self._found(text)
        return self.places[text]

    def _found(self, text: str) -> str:
        try:
            return place_written(text, within=self.by.place)
        except NoSuchPlace as error:
            raise _NotRead(str(error)) from None

    def level(self, text: str, said: dict[str, Any]) -> int:
        if text.lower() not in self.levels:
            names = listed(words.level(x) for x in Level)
            raise _NotRead(_("请写：%(names)s。") % {"names": names})
        return int(self.levels[text.lower()])

    def unit(self, text: str, said: dict[str, Any]) -> str | Organisation:
        if text.lower() in self.kinds:
            return str(self.kinds[text.lower()])
        place = said.get("place", self.by.place)
        near = [
            u for u in self.units.get(text, ())
            if u.place.startswith(place) or place.startswith(u.place)
        ]  # fmt: skip
        if len(near) != 1:
            raise _NotRead(_("这里没有（或不止一个）叫“%(said)s”的单位；"
                             "请写单位全名，或写一类单位，如“%(kind)s”。")
                           % {"said": text, "kind": kind_name("department")})  # fmt: skip
        return near[0]

    def leads(self, text: str, said: dict[str, Any]) -> bool:
        if text.lower() not in self.roles:
            raise _NotRead(_("请写：%(names)s。") % {"names": listed(map(str, LEADS.values()))})
        return bool(self.roles[text.lower()])

    def does(self, text: str, said: dict[str, Any]) -> str:
        if len(text) > LONGEST:
            raise _NotRead(_("最多 %(n)s 字。") % {"n": LONGEST})
        return text

    def within(self, text: str, said: dict[str, Any]) -> Span | None:
        try:
            return spans.read(text)
        except ValueError:
            raise _NotRead(str(spans.HOW)) from None

    urgent = within

    def basis(self, text: str, said: dict[str, Any]) -> str:
        if not text or len(text) > LONGEST:
            raise _NotRead(_("请写明文件名称和条款，最多 %(n)s 字。") % {"n": LONGEST})
        return text

    def valid_from(self, text: str, said: dict[str, Any]) -> date:
        found = DAY.fullmatch(text)
        try:
            return date(*map(int, found.groups()))  # type: ignore[union-attr]
        except (AttributeError, ValueError):
            raise _NotRead(_("请写日期，如 2026-01-31。")) from None

    def valid_to(self, text: str, said: dict[str, Any]) -> date | None:
        return self.valid_from(text, said) if text else None


def marked(lines: Lines, wrong: Sequence[Wrong]) -> bytes:
    """The same sheet with what is wrong written beside each row."""
    faults: dict[int, list[str]] = {}
    for w in wrong:
        faults.setdefault(w.row, []).append(f"{w.label}：{w.said}")
    width = max(len(line) for _n, line in lines)
    rows = [[*line, *[""] * (width - len(line)), "；".join(faults.get(n, ()))]
            for n, line in lines[1:]]  # fmt: skip
    top = [*lines[0][1], *[""] * (width - len(lines[0][1])), _("要改的地方")]
    return sheets.made_of(top, rows)
