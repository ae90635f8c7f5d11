"""The register as Excel: three sheets out, and in again as the items that an import takes."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from gongzhi.cases import sheets
from gongzhi.cases.workbooks import called
from gongzhi.mechanisms.safety.models import Enterprise, Site
from gongzhi.mechanisms.safety.registers import contacts
from gongzhi.mechanisms.safety.registers.facts import FACTS
from gongzhi.mechanisms.safety.registers.industries import INDUSTRIES
from gongzhi.mechanisms.safety.registers.kinds import COLOURS, DUTIES, SIZES
from gongzhi.mechanisms.safety.registers.sheets import SHEETS, Item, Wrong
from gongzhi.mechanisms.safety.registers.sites import current
from gongzhi.people.models import Unit
from gongzhi.places.levels import span
from gongzhi.places.names import name_of, paths


def items(content: bytes) -> list[Item]:
    """Raises BadSheet."""
    titles = called({name: title for name, (title, _columns) in SHEETS.items()})
    known = [(titles.get(title.lower()), lines) for title, lines in sheets.pages_of(content)]
    if not any(name for name, _lines in known):
        names = _("、").join(str(title) for title, _columns in SHEETS.values())
        raise sheets.BadSheet(_("文件里没有这些工作表：%(names)s。") % {"names": names})
    return [item for name, lines in known if name and lines for item in _rows(name, lines)]


def _rows(sheet: str, lines: Sequence[tuple[int, Sequence[str]]]) -> list[Item]:
    """Raises BadSheet."""
    title, columns = SHEETS[sheet]
    known = called(columns)
    head = [known.get(said.lower()) for said in lines[0][1]]
    lacking = [str(label) for column, label in columns.items() if column not in head]
    if lacking:
        raise sheets.BadSheet(
            _("“%(sheet)s”的表头缺少：%(columns)s。")
            % {"sheet": title, "columns": _("、").join(lacking)}
        )
    return [
        Item(sheet, n, {c: v for c, v in zip(head, [*line, *[""] * len(head)], strict=False) if c})
        for n, line in lines[1:]
    ]


def _heads() -> list[tuple[str, str, list[str]]]:
    return [
        (name, str(title), [str(label) for label in columns.values()])
        for name, (title, columns) in SHEETS.items()
    ]


def _any(things: Iterable[Any]) -> str:
    return "／".join(str(label) for label in things)


def blank() -> bytes:
    """Headings, and below them a line that says what can be written."""
    code, free = _("18 位，照营业执照"), _("可以空着")
    place = _("地名或行政区划代码")
    example = {
        "firms": [code, _("照营业执照"), free, place, _("如 C33 或 金属制品业"),
                  _any(SIZES.values()), free, _("单位全称；可以空着")],
        "sites": [code, _("如：冲压车间"), free, _("空着就是企业所在地"), free, "112.567", "23.204",
                  _("用分号分开：") + "；".join(str(label) for label in FACTS.values()),
                  _any(COLOURS.values())],
        "contacts": [code, _any(DUTIES.values()), _("加密保存"), _("加密保存")],
    }  # fmt: skip
    return sheets.book_of((title, head, [example[name]]) for name, title, head in _heads())


def written(place: str) -> bytes:
    """All there is in a place, as items() takes it: WGS84, and contacts masked."""
    low, high = span(place)
    firms = list(
        Enterprise.objects.filter(current(), place__gte=low, place__lt=high).order_by("code")
    )
    found = Site.objects.filter(current(), enterprise__in=[f.id for f in firms])
    rows = list(found.select_related("enterprise").order_by("enterprise__code", "name"))
    paths([*(f.place for f in firms), *(s.place for s in rows)])  # all names at once
    units = Unit.objects.in_bulk([f.overseer for f in firms if f.overseer])
    people = contacts.of_firms(f.id for f in firms)
    lines: dict[str, Iterable[list[Any]]] = {
        "firms": (_firm(f, units.get(f.overseer) if f.overseer else None) for f in firms),
        "sites": (_site(s) for s in rows),
        "contacts": (
            [f.code, str(DUTIES[p.duty]), p.masked.name, p.masked.phone]
            for f in firms for p in people.get(f.id, ())
        ),
    }  # fmt: skip
    return sheets.book_of((title, head, lines[name]) for name, title, head in _heads())


def _place(code: str) -> str:
    return f"{code} {name_of(code)}"


def _firm(f: Enterprise, overseer: Unit | None) -> list[Any]:
    return [
        f.code, f.name, f.name_en, _place(f.place), str(INDUSTRIES[f.industry]),
        str(SIZES[f.size]), f.employees, overseer.name if overseer else "",
    ]  # fmt: skip


def _site(s: Site) -> list[Any]:
    return [
        s.enterprise.code, s.name, s.name_en, _place(s.place), s.address, s.longitude, s.latitude,
        "；".join(str(FACTS[name]) for name in s.facts if name in FACTS),
        str(COLOURS[s.colour]),
    ]  # fmt: skip


def marked(found: Sequence[Item], wrong: Sequence[Wrong]) -> bytes:
    """The same rows with what is wrong written beside each."""
    faults: dict[tuple[str, int], list[str]] = {}
    for w in wrong:
        said = f"{w.label}：{w.said}" if w.label else w.said
        faults.setdefault((w.sheet, w.row), []).append(said)
    return sheets.book_of(
        (title, [*head, _("要改的地方")],
         [[*(i.cells.get(c, "") for c in SHEETS[name][1]), "；".join(faults.get((name, i.row), ()))]
          for i in found if i.sheet == name])
        for name, title, head in _heads()
    )  # fmt: skip
