"""Sections and the way of a patrol as one small picture, without tiles and without a script."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians

WIDTH, HEIGHT, EDGE = 640.0, 320.0, 16.0

Line = Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True)
class Picture:
    """Points of SVG polylines: sections, each with whether it was covered; and the way, if any."""

    sections: Sequence[tuple[str, bool]]
    way: str
    width: float = WIDTH
    height: float = HEIGHT


def picture(sections: Sequence[tuple[Line, bool]], way: Line) -> Picture | None:
    """None where there is nothing to draw."""
    spots = [p for line, _covered in sections for p in line] + list(way)
    if not spots:
        return None
    west, north = min(p[0] for p in spots), max(p[1] for p in spots)
    shrink = cos(radians(north))
    wide = max((max(p[0] for p in spots) - west) * shrink, 1e-5)
    high = max(north - min(p[1] for p in spots), 1e-5)
    scale = min((WIDTH - 2 * EDGE) / wide, (HEIGHT - 2 * EDGE) / high)
    # In the middle of the picture, whichever way the road runs.
    left, top = (WIDTH - wide * scale) / 2, (HEIGHT - high * scale) / 2

    def points(line: Line) -> str:
        return " ".join(
            f"{left + (p[0] - west) * shrink * scale:.1f},{top + (north - p[1]) * scale:.1f}"
            for p in line
        )

    return Picture([(points(line), covered) for line, covered in sections], points(way))
