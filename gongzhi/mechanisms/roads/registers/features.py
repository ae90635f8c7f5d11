"""GeoJSON and GPX files as the items that an import takes; faults are told by feature.

A LineString is a section, a Point a point; its properties are named like the columns of the Excel
sheets, or like the fields (road, name, village, from_km …). A GPX track is the line of a section
that is there already and named "X413 旺村段"; a waypoint named so is a risk point, or of the kind
that its type says. Source: RFC 7946.
"""

import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from gongzhi.cases.sheets import LARGEST, MOST_ROWS
from gongzhi.cases.workbooks import Row, Wrong, called
from gongzhi.mechanisms.roads.registers import geometry, tracks
from gongzhi.mechanisms.roads.registers.geometry import Unreadable
from gongzhi.mechanisms.roads.registers.importing import BOOK, SHEETS

OF = {"LineString": "sections", "Point": "points"}


def from_geojson(content: bytes) -> tuple[list[Row], list[Wrong]]:
    """The features that can be read, and what is wrong with the others. Raises Unreadable."""
    if len(content) > LARGEST:
        raise Unreadable(_("文件太大，请分成几个文件。"))
    try:
        features = json.loads(content)["features"]
    except (ValueError, KeyError, TypeError):
        features = None
    if not isinstance(features, list):
        raise Unreadable(_("这不是 GeoJSON 的 FeatureCollection，请重新导出。"))
    if len(features) > MOST_ROWS:
        raise Unreadable(_("最多 %(n)s 个要素，请分成几个文件。") % {"n": MOST_ROWS})
    known = {sheet: called(columns) for sheet, (_title, columns) in SHEETS.items()}
    items, wrong = [], []
    for n, feature in enumerate(features, 1):
        try:
            items.append(_item(n, feature, known))
        except Unreadable as error:
            wrong.append(BOOK.wrong(Row("sections", n, {}), "line", error))
    return items, wrong


def _item(n: int, feature: Any, known: Mapping[str, Mapping[str, str]]) -> Row:
    """Raises Unreadable."""
    try:
        shape, properties = feature["geometry"], feature.get("properties") or {}
        sheet = OF[shape["type"]]
        line = [shape["coordinates"]] if sheet == "points" else shape["coordinates"]
        spots = [(float(p[0]), float(p[1])) for p in line]
        said = {str(key).lower(): value for key, value in properties.items()}
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        raise Unreadable(_("只能读有坐标的线（LineString，路段）和点（Point，点位）。")) from None
    cells = {
        known[sheet][key]: str(value).strip()
        for key, value in said.items() if key in known[sheet] and value is not None
    }  # fmt: skip
    if sheet == "points":
        cells |= {"longitude": repr(spots[0][0]), "latitude": repr(spots[0][1])}
    else:
        cells["line"] = geometry.written(spots)
    return Row(sheet, n, cells)


def from_gpx(content: bytes) -> tuple[list[Row], list[Wrong]]:
    """Likewise. Raises Unreadable."""
    items, wrong = [], []
    for n, way in enumerate(tracks.read(content), 1):
        road, _space, name = way.name.partition(" ")
        if not way.spots or not name.strip():
            why = _("请把轨迹命名为“道路编号 路段名称”，如“X413 旺村段”。")
            wrong.append(BOOK.wrong(Row(way.kind, n, {}), "name", why))
        elif way.kind == "sections":
            cells = {"road": road, "name": name.strip(), "line": geometry.written(way.spots)}
            items.append(Row(way.kind, n, cells))
        else:
            kind = way.type or "risk"
            cells = {
                "road": road, "name": name.strip(), "kind": kind, "what": kind, "note": way.note,
                "longitude": repr(way.spots[0][0]), "latitude": repr(way.spots[0][1]),
            }  # fmt: skip
            items.append(Row(way.kind, n, cells))
    return items, wrong
