"""The responsibility list as a sheet: what is written can be read back, in either language.

A cell that cannot be understood is told by row and column, with what to write instead.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from gongzhi.cases import catalogue, sheets
from gongzhi.declare import Level, Mechanism, registry
from gongzhi.networks.responsibility import entering
from gongzhi.networks.responsibility.models import Duty
from gongzhi.people.kinds import UNIT_KINDS
from gongzhi.people.models import Unit
from gongzhi.people.posts import Holder
from gongzhi.places.levels import level_of
from gongzhi.places.search import name_of, paths, search
from gongzhi.ui import words

COLUMNS = {
    "mechanism": gettext_lazy("机制"),
    "category": gettext_lazy("类别"),
    "place": gettext_lazy("地点"),
    "level": gettext_lazy("级别"),
    "lead": gettext_lazy("牵头"),
    "helpers": gettext_lazy("配合"),
    "basis": gettext_lazy("依据"),
    "valid_from": gettext_lazy("起用日期"),
    "valid_to": gettext_lazy("停用日期"),
}
LONGEST_BASIS = 300
LANGUAGES = ("zh-hans", "en")
DAY = re.compile(r"(\d{4})\D(\d{1,2})\D(\d{1,2})(?:日| 00:00:00)?")
CODE = re.compile(r"(\d{2,12})(?:\s.*)?")
BETWEEN = re.compile(r"[、，,;；/／]")
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
        _("这一级某个单位的全名，或一类单位：") + "／".join(kind_name(k) for k in UNIT_KINDS),
        _("几类单位，用顿号隔开"), _("文件名称和条款"), "2026-01-31", _("空着就一直有效"),
    ]  # fmt: skip
    return sheets.made_of(head(), [example])


def written(rows: Sequence[Duty]) -> bytes:
    """Rows of the list, as read() takes them."""
    units = Unit.objects.in_bulk({d.lead_unit for d in rows if d.lead_unit})
    paths(d.place for d in rows)  # their names at once
    lines = []
    for row in rows:
        mechanism = registry.get(row.mechanism)
        named = units.get(row.lead_unit) if row.lead_unit else None
        lines.append([
            words.label(mechanism),
            str(catalogue.kind(mechanism, row.category)) if row.category else "",
            f"{row.place} {name_of(row.place)}", words.level(row.level),
            words.named(named) if named else kind_name(row.lead),
            listed(map(kind_name, row.helpers)), row.basis,
            row.valid_from.isoformat(), row.valid_to.isoformat() if row.valid_to else "",
        ])  # fmt: skip
    return sheets.made_of(head(), lines)


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
    for language in LANGUAGES:
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
    found, wrong = {}, []
    for n, cells in said:
        duty, faults = reader.duty(cells)
        wrong += [Wrong(n, column, fault) for column, fault in faults.items()]
        if duty is not None:
            found[duty.id] = n, duty
    rows = [duty for _n, duty in found.values()]
    plan = entering.planned(rows, by=by)
    wrong += [
        Wrong(found[duty.id][0], error.field or "place", str(error.reason))
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
        self.leads = {c.get("lead", "") for c in cells}
        paths(m[1] for c in cells if (m := CODE.fullmatch(c.get("place", ""))))  # at once

    @cached_property
    def units(self) -> dict[str, list[Unit]]:
        """Units by name, those that the sheet names."""
        found: dict[str, list[Unit]] = {}
        named = Q(name__in=self.leads) | Q(name_en__in=self.leads)
        for unit in Unit.objects.filter(named, valid_to=None):
            for name in {unit.name, unit.name_en} - {""}:
                found.setdefault(name, []).append(unit)
        return found

    def duty(self, cells: dict[str, str]) -> tuple[Duty | None, dict[str, str]]:
        """The row that a line says, or by column what is wrong with it."""
        said: dict[str, Any] = {}
        faults: dict[str, str] = {}
        for column in COLUMNS:
            try:
                said[column] = getattr(self, column)(cells.get(column, ""), said)
            except _NotRead as error:
                faults[column] = str(error)
        if faults:
            return None, faults
        lead = said.pop("lead")
        kind, named = (lead.kind, lead.id) if isinstance(lead, Unit) else (lead, None)
        mechanism = said.pop("mechanism").name
        return Duty(**said, mechanism=mechanism, lead=kind, lead_unit=named), {}

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
        code = CODE.fullmatch(text)
        if code and name_of(code[1]) != code[1]:
            return code[1]
        found = [f for f in search(text, within=self.by.place) if text in (f.name, f.path)]
        if len(found) == 1:
            return found[0].code
        raise _NotRead(
            _("“%(said)s”不止一处，请写行政区划代码。") % {"said": text} if found
            else _("没有找到“%(said)s”，请写本地的地名或行政区划代码。") % {"said": text}
        )  # fmt: skip

    def level(self, text: str, said: dict[str, Any]) -> int:
        if text.lower() not in self.levels:
            names = listed(words.level(x) for x in Level)
            raise _NotRead(_("请写：%(names)s。") % {"names": names})
        return int(self.levels[text.lower()])

    def lead(self, text: str, said: dict[str, Any]) -> str | Unit:
        if text.lower() in self.kinds:
            return str(self.kinds[text.lower()])
        place, level = said.get("place", self.by.place), said.get("level")
        near = [
            u for u in self.units.get(text, ())
            if level in (None, level_of(u.place))
            and (u.place.startswith(place) or place.startswith(u.place))
        ]  # fmt: skip
        if len(near) != 1:
            raise _NotRead(_("这一级没有（或不止一个）叫“%(said)s”的单位；"
                             "请写单位全名，或写一类单位，如“%(kind)s”。")
                           % {"said": text, "kind": kind_name("department")})  # fmt: skip
        return near[0]

    def helpers(self, text: str, said: dict[str, Any]) -> list[str]:
        names = [part.strip() for part in BETWEEN.split(text) if part.strip()]
        unknown = [name for name in names if name.lower() not in self.kinds]
        if unknown:
            raise _NotRead(_("没有“%(said)s”这类单位；请写：%(names)s。") % {
                "said": listed(unknown), "names": listed(map(kind_name, UNIT_KINDS)),
            })  # fmt: skip
        return [self.kinds[name.lower()] for name in names]

    def basis(self, text: str, said: dict[str, Any]) -> str:
        if not text or len(text) > LONGEST_BASIS:
            raise _NotRead(_("请写明文件名称和条款，最多 %(n)s 字。") % {"n": LONGEST_BASIS})
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
