"""GPX files: tracks that were driven along a road, and waypoints set at it. Source: GPX 1.1."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _

from gongzhi.cases.sheets import LARGEST
from gongzhi.mechanisms.roads.registers.geometry import Unreadable
from gongzhi.places.distance import Spot

MOST_SPOTS = 20_000


@dataclass(frozen=True, slots=True)
class Way:
    """A track or a waypoint as it was recorded: `kind` is the register it belongs to."""

    kind: str
    name: str
    spots: Sequence[Spot]
    type: str = ""
    note: str = ""


def _text(of: Element, name: str) -> str:
    return (of.findtext(f"{{*}}{name}") or "").strip()


def _spot(of: Element) -> Spot:
    return float(of.get("lon", "")), float(of.get("lat", ""))


def read(content: bytes) -> list[Way]:
    """Tracks and routes first, then waypoints, each in the file's order. Raises Unreadable."""
    if len(content) > LARGEST:
        raise Unreadable(_("文件太大，请分成几个文件。"))
    try:
        root = fromstring(content, forbid_dtd=True)
        found = [
            Way("sections", _text(way, "name"), [_spot(p) for p in way.iterfind(points)])
            for way, points in (
                *((t, "{*}trkseg/{*}trkpt") for t in root.iterfind("{*}trk")),
                *((r, "{*}rtept") for r in root.iterfind("{*}rte")),
            )
        ]
        for point in root.iterfind("{*}wpt"):
            said = [_text(point, name) for name in ("name", "type", "desc")]
            found.append(Way("points", said[0], [_spot(point)], said[1], said[2]))
    except (ParseError, DefusedXmlException, ValueError):
        raise Unreadable(_("打不开这个 GPX 文件，请重新导出后再试。")) from None
    if sum(len(way.spots) for way in found) > MOST_SPOTS:
        raise Unreadable(_("轨迹的点太多，请分成几个文件。"))
    return found
