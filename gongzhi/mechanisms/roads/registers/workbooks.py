"""The register as Excel: three sheets out, as an import takes them in again."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from gongzhi.mechanisms.roads.models import Point, Road, Section
from gongzhi.mechanisms.roads.registers import geometry, roads
from gongzhi.mechanisms.roads.registers.importing import BOOK
from gongzhi.places.names import name_of, paths


def _made(lines: Mapping[str, Iterable[Sequence[Any]]]) -> bytes:
    """Of lines in the order of their columns."""
    return BOOK.made({
        name: [dict(zip(BOOK.pages[name][1], line, strict=True)) for line in of]
        for name, of in lines.items()
    })  # fmt: skip


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
    return _made({name: [line] for name, line in example.items()})


def written(place: str) -> bytes:
    """All there is in a place, as an import takes it; coordinates are WGS84."""
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
    return _made(lines)


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
