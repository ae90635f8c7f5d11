"""The register as Excel: three sheets out, and in again as the items that an import takes."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from gongzhi.cases import sheets
from gongzhi.mechanisms.roads.models import Point, Road, Section
from gongzhi.mechanisms.roads.registers import geometry, roads
from gongzhi.mechanisms.roads.registers.importing import SHEETS, Item, Wrong, called
from gongzhi.places.names import name_of, paths


def items(content: bytes) -> list[Item]:
    """Raises BadSheet."""
    titles = called({name: title for name, (title, _columns) in SHEETS.items()})
    found: list[Item] = []
    known = [(titles.get(title.lower()), lines) for title, lines in sheets.pages_of(content)]
    if not any(name for name, _lines in known):
        names = _("、").join(str(title) for title, _columns in SHEETS.values())
        raise sheets.BadSheet(_("文件里没有这些工作表：%(names)s。") % {"names": names})
    for name, lines in known:
        if name and lines:
            found += _rows(name, lines)
    return found


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


def blank() -> bytes:
    """Headings, and below them a line that says what can be written."""
    kinds = "／".join(str(label) for label in roads.KINDS.values())
    free = _("可以空着")
    example = {
        "roads": ["X413", _("县名或代码；空着就是本县"), _("路名"), free, free],
        "sections": [
            "X413", _("如：旺村段"), _("村名或代码；路段按这里写的村划分"),
            "K0+000", "K2+500", "112.567 23.204; 112.571 23.209",
        ],
        "points": [
            "X413", _("在哪一段；可以空着"), kinds, _("如：护栏"), _("名称"),
            "112.567", "23.204", free,
        ],
    }  # fmt: skip
    return sheets.book_of((title, head, [example[name]]) for name, title, head in _heads())


def written(place: str) -> bytes:
    """All there is in a place, as items() takes it; coordinates are WGS84."""
    found, sections = list(roads.roads_in(place)), list(roads.sections_in(place))
    paths([*(s.village for s in sections), *(r.place for r in found)])  # all names at once
    here = {s.id: s for s in sections}
    points = [p for p in roads.points_of(found) if p.section is None or p.section in here]
    lines: dict[str, Iterable[list[Any]]] = {
        "roads": [_road(r, next((s.village for s in sections if s.road_id == r.id), place))
                  for r in found],
        "sections": [_section(s) for s in sections],
        "points": [_point(p, here) for p in points],
    }  # fmt: skip
    return sheets.book_of((title, head, lines[name]) for name, title, head in _heads())


def _road(r: Road, place: str) -> list[Any]:
    """A road that is the province's is told by a county it runs through here."""
    county = r.place if len(r.place) == 6 else place[:6]
    return [r.code, f"{county} {name_of(county)}", r.name, r.name_en, r.about]


def _section(s: Section) -> list[Any]:
    return [s.road.code, s.name, f"{s.village} {name_of(s.village)}", geometry.stake(s.from_km),
            geometry.stake(s.to_km), geometry.written(s.line)]  # fmt: skip


def _point(p: Point, here: dict[Any, Section]) -> list[Any]:
    return [p.road.code, here[p.section].name if p.section else "", str(roads.KINDS[p.kind]),
            p.what, p.name, str(p.longitude), str(p.latitude), p.note]  # fmt: skip


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
