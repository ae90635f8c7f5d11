"""Charts drawn on the server; each number stands in a table beside its chart."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Protocol

from gongzhi.command.comparing import Neighbour
from gongzhi.command.figures import Pile

WIDE = 300  # of a bar across


class Flow(Protocol):
    """What happened in a span."""

    @property
    def reported(self) -> int: ...
    @property
    def settled(self) -> int: ...
    @property
    def late(self) -> int: ...


def _most(lines: Iterable[Flow]) -> int:
    return max((max(x.reported, x.settled, x.late) for x in lines), default=0) or 1


def times(lines: Mapping[str, Flow], parts: Collection[str] = ()) -> list[dict[str, Any]]:
    """Three columns for each week or month, as high as 100 at most; parts of one are marked."""
    most = _most(lines.values())

    def high(n: int) -> float:
        return round(100 * n / most, 1)

    return [
        {"label": label, "short": label[5:], "line": x, "part": label in parts,
         "heights": [high(x.reported), high(x.settled), high(x.late)]}
        for label, x in lines.items()
    ]  # fmt: skip


def sides(rows: Sequence[tuple[str, Flow]]) -> list[dict[str, Any]]:
    """Three bars for each place."""
    most = _most(line for _name, line in rows)
    return [
        {
            "name": name,
            "widths": [round(WIDE * n / most, 1) for n in (x.reported, x.settled, x.late)],
        }
        for name, x in rows
    ]


def piles(rows: Sequence[Pile]) -> list[dict[str, Any]]:
    most = max(*(row.held for row in rows), 1)
    return [
        {"row": row, "width": round(WIDE * row.held / most),
         "late_width": round(WIDE * row.late / most)}
        for row in rows
    ]  # fmt: skip


def rates(rows: Sequence[Neighbour]) -> list[dict[str, Any]]:
    """A bar for each rate and a line for its interval."""
    most = max((row.high or 0 for row in rows), default=0) or 1

    def x(rate: float | None) -> float:
        return round(WIDE * (rate or 0) / most, 1)

    return [
        {"row": row, "width": x(row.rate), "low": x(row.low), "high": x(row.high)}
        for row in rows if row.rate is not None
    ]  # fmt: skip
